// The first hour of a user of Node and strict TypeScript: prints what each step gives, as JSON.
import {
  CustomersApi,
  isSyncteraError,
  validateCustomer,
  validatePatch,
  type RequestEvent,
  type RetryEvent,
} from "synctera-customers";

const BASE = process.env.BASE_URL;
const api = new CustomersApi({ accessToken: process.env.SANDBOX_TOKEN, baseUrl: BASE });

/** The words, the kind and the frames of what a call rejects with. */
async function failureOf(call: () => Promise<unknown>) {
  try {
    await call();
    return { name: "none", message: "it did not fail", stack: "" };
  } catch (error) {
    if (!isSyncteraError(error)) throw error;
    return { name: error.name, message: error.message, stack: (error.stack ?? "").replace(error.message, "") };
  }
}

function constructing(options: ConstructorParameters<typeof CustomersApi>[0]) {
  return failureOf(async () => new CustomersApi(options));
}

/** What is done about an error, by its name. */
function describe(error: unknown): string {
  if (!isSyncteraError(error)) return "not ours";
  switch (error.name) {
    case "ApiError":
      return `${error.status} ${error.code ?? ""}`;
    case "TimeoutError":
      return `after ${error.timeoutMs} ms`;
    case "ValidationError":
      return error.issues.map(({ path }) => path).join();
    case "ThrottleError":
    case "TokenError":
    case "ConnectionError":
      return error.cause?.code ?? error.cause?.name ?? "";
    case "DecodeError":
      return error.problem;
    case "AbortError":
      return String(error.reason);
    case "SyncteraError":
      return "the package itself failed";
  }
}

async function onboard() {
  return await api.createCustomer({ status: "ACTIVE", first_name: "Ottoline", last_name: "Quay" });
}

async function findMissing() {
  return await api.getCustomer("00000000-0000-4000-8000-000000000000");
}

/** The requests of a client whose `fetch` answers with a customer. */
async function requestsOf(
  options: ConstructorParameters<typeof CustomersApi>[0],
  call: (api: CustomersApi) => Promise<unknown>,
) {
  const requests: { url: string; headers: Record<string, string> }[] = [];
  const stubbed = new CustomersApi({
    ...options,
    fetch: async (url, { headers }) => {
      requests.push({ url, headers });
      return new Response('{ "id": "1", "status": "ACTIVE" }');
    },
  });
  await call(stubbed);
  return requests;
}

const customer = await onboard();
// As it comes from a form: the compiler does not look for names that are too many.
const fromForm = { status: "ACTIVE" as const, lastname: "Quay", phone: "+12025550143" };
const misspelt = { phoneNumber: "+12025550143" };
const events: (RequestEvent | RetryEvent)[] = [];
const lines: unknown[] = [];
const keep = (level: string) => (message: string, fields: object) => void lines.push({ level, message, fields });
const logger = { debug: keep("debug"), info: keep("info"), warn: keep("warn"), error: keep("error") };
const watched = new CustomersApi({
  accessToken: process.env.SANDBOX_TOKEN,
  baseUrl: BASE,
  headers: { "sandbox-fault": "status=503" },
  maxRetries: 1,
  logger,
  logLevel: "debug",
  onRetry: (event) => events.push(event),
});
await watched.getCustomer(customer.id).catch(() => {});
const done = new CustomersApi({ accessToken: process.env.SANDBOX_TOKEN, baseUrl: BASE, logger, logLevel: "info" });
await done.getCustomer(customer.id);

const refused = { ssn: "987654329", legal_address: { address_line_1: "12 Lantern Row", country_code: "us" } };
const result = {
  stacks: { notFound: await failureOf(findMissing) },
  unknownNames: [
    await failureOf(() => api.createCustomer(fromForm)),
    await failureOf(() => api.patchCustomer(customer.id, misspelt as object)),
  ],
  unknownAllowed: (await api.createCustomer(fromForm, { allowUnknownFields: true })).status,
  roundTrip: (await api.updateCustomer(customer.id, Object.assign(customer, { field_of_tomorrow: 1 }))).id === customer.id,
  null: await failureOf(() => api.patchCustomer(customer.id, { email: null } as object)),
  described: [await findMissing().catch(describe), await api.getCustomer("").catch(describe)],
  environment: await requestsOf({}, (client) => client.getCustomer("1")).catch((error) => String(error.message)),
  environmentWithBaseUrl: await requestsOf({ baseUrl: "https://api.synctera.com/v0" }, (client) => client.getCustomer("1")).catch(
    (error) => String(error.message),
  ),
  ownBackend: await requestsOf({ baseUrl: "https://backend.example.com/api" }, (client) => client.getCustomer("1")),
  tokenOfTheCall: await requestsOf({ accessToken: "of-the-client" }, (client) => client.getCustomer("1", { accessToken: "of-the-call" })),
  traced: await requestsOf(
    { accessToken: "t", onRequest: ({ attempt }) => ({ traceparent: `00-${attempt}` }) },
    (client) => client.getCustomer("1"),
  ),
  untraceable: await failureOf(() =>
    new CustomersApi({ accessToken: "t", onRequest: () => ({ authorization: "x" }) }).getCustomer("1"),
  ),
  token: await failureOf(() =>
    new CustomersApi({ accessToken: () => Promise.reject(new RangeError("vault")) }).getCustomer("1"),
  ),
  messages: {
    emptyKey: await constructing({ accessToken: "" }),
    unknownPath: await failureOf(() => new CustomersApi({ accessToken: "t", baseUrl: BASE?.replace(/\/v0$/, "") }).getCustomer("1")),
    torn: await failureOf(async () => {
      const { getCustomer } = api;
      return await getCustomer(customer.id);
    }),
    connectionRefused: await failureOf(() => new CustomersApi({ accessToken: "t", baseUrl: "http://127.0.0.1:2/v0", maxRetries: 0 }).getCustomer("1")),
    nameNotFound: await failureOf(() => new CustomersApi({ accessToken: "t", baseUrl: "https://unknown.invalid/v0", maxRetries: 0 }).getCustomer("1")),
    tooManyRequests: await failureOf(() =>
      api.getCustomer(customer.id, { maxRetries: 0, headers: { "sandbox-fault": "status=429; retry-after=7" } }),
    ),
    invalidStatus: await failureOf(() => api.patchCustomer(customer.id, { status: "PROSPECT" })),
    unexpectedShape: await failureOf(() =>
      new CustomersApi({ accessToken: "t", fetch: async () => new Response('{ "id": 5 }') }).getCustomer("1"),
    ),
    tooLarge: await failureOf(() => new CustomersApi({ accessToken: process.env.SANDBOX_TOKEN, baseUrl: BASE, maxResponseBytes: 10 }).listCustomers()),
    madeKey: await failureOf(() => api.createCustomer({ status: "ACTIVE", dob: "2999-01-01" })),
    givenKey: await failureOf(() => api.createCustomer({ status: "ACTIVE", dob: "2999-01-01" }, { idempotencyKey: `k-${customer.id}` })),
    wrongEnvironment: await failureOf(findMissing),
  },
  validated: { fine: validateCustomer({ status: "ACTIVE" }), refused: validateCustomer(refused), patch: validatePatch({ email: "a@example.com" }) },
  standard: [
    validateCustomer["~standard"].validate({ status: "ACTIVE", legal_address: { address_line_1: "x", country_code: "us" } }),
    validateCustomer["~standard"].validate({ status: "ACTIVE" }),
  ],
  events,
  lines,
};
console.log(JSON.stringify(result));
