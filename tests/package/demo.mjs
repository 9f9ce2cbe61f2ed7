// The five operations by the installed package, each exchange printed. `cargo xtask demo` copies
// this next to the installed package and runs it there.
import { CustomersApi, isSyncteraError } from "synctera-customers";

const { SYNCTERA_BASE_URL: baseUrl, SYNCTERA_TOKEN: accessToken } = process.env;

/** Fetch, telling what it does. */
async function loudFetch(url, init) {
  const request = new Request(url, init);
  const sent = init?.body ?? (request.body ? await request.clone().text() : undefined);
  const start = performance.now();
  const response = await fetch(request);
  const ms = Math.round(performance.now() - start);
  const { pathname, search } = new URL(request.url);
  console.log(`${request.method} ${pathname}${search}`);
  const key = request.headers.get("idempotency-key");
  if (key) console.log(`    Idempotency-Key: ${key}`);
  if (sent) console.log(`    > ${abridged(sent)}`);
  console.log(`    ${response.status} in ${ms} ms`);
  console.log(`    < ${abridged(await response.clone().text())}`);
  return response;
}

function abridged(text) {
  const line = String(text).replace(/\s+/g, " ");
  return line.length > 160 ? `${line.slice(0, 160)}… (${line.length} characters)` : line;
}

const api = new CustomersApi({ accessToken, baseUrl, fetch: loudFetch });

const customer = await api.createCustomer({
  status: "ACTIVE",
  first_name: "Ada",
  last_name: "Example",
  dob: "1990-02-03",
  ssn: "900-12-3456",
  email: "ada@example.com",
  phone_number: "+12125550123",
  legal_address: {
    address_line_1: "1 Example Street",
    city: "Springfield",
    state: "IL",
    postal_code: "62701",
    country_code: "US",
  },
});
await api.getCustomer(customer.id);
await api.listCustomers({ last_name: "Example", sort_by: ["creation_time:desc"], limit: 2 });
await api.patchCustomer(customer.id, { email: "ada.example@example.com" });
await api.updateCustomer(customer.id, {
  status: "INACTIVE",
  first_name: customer.first_name,
  last_name: customer.last_name,
});

try {
  await api.getCustomer("00000000-0000-4000-8000-000000000000");
  throw new Error("a customer that is not there was found");
} catch (error) {
  if (!isSyncteraError(error, "ApiError")) throw error;
  console.log(`    ${error.name} ${error.code}: ${error.message}`);
}
