// Signs a session, as your login does once it knows the user: `npm run session -- CUSTOMER_ID`.
import { sign } from "hono/jwt";

const [customerId] = process.argv.slice(2);
const exp = Math.floor(Date.now() / 1000) + 3600;
console.log(await sign({ customer_id: customerId, aud: "customers-hono", exp }, process.env.SESSION_SECRET, "HS256"));
