// Every call as a caller writes it: this has to compile, strictly.
import { CustomersApi } from "synctera-customers";
import type {
  AbortSignalLike,
  AddressWrite,
  ClientOptions,
  Customer,
  CustomerInBody,
  CustomerList,
  CustomerWrite,
  HttpInfo,
  ListCustomersParams,
  PatchCustomer,
  RequestOptions,
  SchemaDrift,
} from "synctera-customers";

declare const signal: AbortSignalLike;

export const api = new CustomersApi({ accessToken: "key" });

/** Every option of the client, and each form of the token. */
export const clients: ClientOptions[] = [
  { accessToken: () => "key" },
  { accessToken: async () => "key" },
  { accessToken: "key", environment: "production" },
  {
    accessToken: "key",
    baseUrl: "http://localhost:8080/v0",
    fetch: async (url, init) => ({ status: url.length + init.method.length, json: async () => ({}) }),
    timeoutMs: Infinity,
    maxRetries: 0,
    headers: { "X-Correlation-Id": "42" },
    validate: false,
    onSchemaDrift: (drift: SchemaDrift) => drift.findings.map(({ path, found, expected }) => path + found + expected),
  },
];

/** Every option of a call. */
const options: RequestOptions = {
  idempotencyKey: "0d5c9f7e-2f0b-4a0e-8a53-6c1b7f0a9d42",
  signal,
  timeoutMs: 5_000,
  maxRetries: 1,
  headers: { "X-Correlation-Id": "43" },
};

const address: AddressWrite = { address_line_1: "12 Lantern Row", country_code: "US" };

/** The five operations, the least and the most that each takes. */
export async function operations(id: string): Promise<CustomerInBody[]> {
  const created = await api.createCustomer({ status: "ACTIVE" }, { idempotencyKey: "order-7" });
  const full: CustomerWrite = {
    status: "PROSPECT",
    ban_status: "ALLOWED",
    dob: "1991-07-23",
    email: "ottoline.quay@example.com",
    first_name: "Ottoline",
    last_name: "Quay",
    legal_address: { ...address, address_line_2: "Floor 3", city: "Springfield", state: "IL", postal_code: "62701" },
    metadata: { crm_ref: "lead-20417", nested: { any: [1, null] } },
    middle_name: "Wren",
    note: "by hand",
    phone_number: "+12025550143",
    shipping_address: { ...address, nickname: "Home", is_registered_agent: false },
    ssn: "987-65-4329",
    tenant: "qzwxec_mkjnhb",
  };
  await api.createCustomer(full, options);

  const got = await api.getCustomer(id);
  await api.getCustomer(id, { signal, timeoutMs: 1_000, maxRetries: 0, headers: {} });

  const every: Required<ListCustomersParams> = {
    has_accounts: true,
    ssn_last_4: "4329",
    last_name: "Quay",
    email: "*@example.com",
    first_name: "Otto*",
    phone_number: "+12025550143",
    page_token: "k7w2p9xd",
    id: [id] as const,
    limit: 25,
    sort_by: ["last_name:asc", "creation_time:desc"],
    status: "ACTIVE",
  };
  const page: CustomerList = await api.listCustomers(every, { signal });
  await api.listCustomers();
  await api.listCustomers({});
  await api.listCustomers(undefined, { timeoutMs: 1_000 });

  const cleared: PatchCustomer = { email: undefined, status: "INACTIVE" };
  const patched = await api.patchCustomer(id, cleared, options);
  await api.patchCustomer(id, {});

  const replaced = await api.updateCustomer(id, { status: "FROZEN" }, { idempotencyKey: "order-8" });
  // What came from the API can be sent back.
  await api.updateCustomer(id, got);
  await api.createCustomer(created);
  return [created, got, ...page.customers, patched, replaced];
}

/** Customer by customer, page by page, and all at once. */
export async function iterate(cursor?: string): Promise<CustomerInBody[]> {
  const iteration = api.iterateCustomers({ status: "ACTIVE", sort_by: ["last_name:asc"] }, { cursor, pageSize: 50, signal });
  for await (const customer of iteration) {
    if (customer.last_name === "Quay") break;
  }
  const rest = api.iterateCustomers({}, { cursor: iteration.cursor, maxItems: 500, prefetch: true });
  for await (const [first] of rest.pages()) if (first?.id === iteration.cursor) return [];
  return rest.done ? [] : await api.iterateCustomers().toArray({ max: 1_000 });
}

/** Pages until the token is absent. */
export async function* all(params: ListCustomersParams): AsyncGenerator<CustomerInBody> {
  let token: string | undefined;
  do {
    const page: CustomerList = await api.listCustomers(token === undefined ? params : { ...params, page_token: token });
    for (const customer of page.customers) yield customer;
    token = page.next_page_token;
  } while (token !== undefined);
}

/** The exchange behind a call. */
export async function exchange(id: string): Promise<string> {
  const one: HttpInfo<CustomerInBody> = await api.getCustomerWithHttpInfo(id);
  const page: HttpInfo<CustomerList> = await api.listCustomersWithHttpInfo({ limit: 1 });
  const infos: HttpInfo<CustomerInBody>[] = [
    await api.createCustomerWithHttpInfo({ status: "ACTIVE" }),
    await api.patchCustomerWithHttpInfo(id, {}),
    await api.updateCustomerWithHttpInfo(id, { status: "ACTIVE" }),
  ];
  const id1: string | undefined = infos[0]?.requestId ?? infos[0]?.idempotencyKey;
  return `${one.data.id} ${one.status} ${one.headers["x-request-id"]} ${page.data.customers.length} ${one.attempts} ${id1}`;
}

/** A value that the API adds later is still a value. */
export function label(customer: Customer): string {
  switch (customer.status) {
    case "ACTIVE":
      return "active";
    case "A_STATUS_OF_TOMORROW":
      return "new";
    default:
      return customer.status.toLowerCase() + (customer.kyc_status === "VENDOR_ERROR" ? "!" : "");
  }
}

api.free();
