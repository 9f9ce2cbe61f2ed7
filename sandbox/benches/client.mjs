// Asks a sandbox as one Node program would: some calls in flight, by raw fetch or by the package.
//
// `node client.mjs raw|ours OPERATION SECONDS IN_FLIGHT`, with SYNCTERA_BASE_URL and SYNCTERA_TOKEN
// set, prints one line of JSON: how many calls succeeded, in how many seconds. The list and the body
// are those of `load.rs`; `cargo xtask load` drives both.
const LONGEST = 60;

const [kind, operation, seconds, inFlight] = process.argv.slice(2);
const baseUrl = process.env.SYNCTERA_BASE_URL;
const token = process.env.SYNCTERA_TOKEN;

const LIST = { limit: 100, status: "ACTIVE" };
const CUSTOMER = {
  status: "ACTIVE",
  first_name: "Ottoline",
  last_name: "Quay",
  dob: "1991-07-23",
  email: "ottoline.quay@example.com",
  phone_number: "+12025550143",
  metadata: { crm_ref: "lead-20417" },
};

/** The operations by `fetch` alone, as one would write them without any package. */
function raw() {
  const authorization = `Bearer ${token}`;
  const json = async (response) => {
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.json();
  };
  const customers = `${baseUrl}/customers`;
  return {
    list: async () =>
      json(await fetch(`${customers}?${new URLSearchParams(LIST)}`, { headers: { authorization } })),
    get: async (id) => json(await fetch(`${customers}/${id}`, { headers: { authorization } })),
    create: async () =>
      json(
        await fetch(customers, {
          method: "POST",
          headers: {
            authorization,
            "content-type": "application/json",
            "idempotency-key": crypto.randomUUID(),
          },
          body: JSON.stringify(CUSTOMER),
        }),
      ),
  };
}

async function ours() {
  const { CustomersApi } = await import("synctera-customers");
  const api = new CustomersApi({ accessToken: token, baseUrl });
  return {
    list: () => api.listCustomers(LIST),
    get: (id) => api.getCustomer(id),
    create: () => api.createCustomer(CUSTOMER),
  };
}

const client = kind === "ours" ? await ours() : raw();
const ids = (await client.list()).customers.map((customer) => customer.id);
const call = client[operation];

/** Calls for so many seconds; how many succeeded, and in how many seconds. */
async function load(time) {
  let answered = 0;
  const begin = performance.now();
  const end = begin + time * 1000;
  const asking = Array.from({ length: Number(inFlight) }, async (_, number) => {
    for (let turn = number * 7; performance.now() < end; turn += 1) {
      await call(ids[turn % ids.length]);
      answered += 1;
    }
  });
  await Promise.all(asking);
  return { requests: answered, seconds: (performance.now() - begin) / 1000 };
}

const time = Math.min(Number(seconds), LONGEST);
// Not counted: connections are opened, and what runs often is compiled.
await load(Math.min(time, 1));
console.log(JSON.stringify(await load(time)));
