// The first hour in Deno: types and a call, with the token from the environment.
import { CustomersApi, isSyncteraError } from "synctera-customers";

const api = new CustomersApi({ accessToken: Deno.env.get("SANDBOX_TOKEN"), baseUrl: Deno.env.get("BASE_URL") });
const { id } = await api.createCustomer({ status: "PROSPECT" });
const found = await api.getCustomer(id);

async function findMissing() {
  return await api.getCustomer("00000000-0000-4000-8000-000000000000");
}

let stack = "";
try {
  await findMissing();
} catch (error) {
  if (!isSyncteraError(error) || error.name !== "ApiError") throw error;
  stack = (error.stack ?? "").replace(error.message, "");
}
let missing = "";
try {
  new CustomersApi();
} catch (error) {
  missing = String((error as Error).message);
}
console.log(JSON.stringify({ status: found.status, stack, missing }));
