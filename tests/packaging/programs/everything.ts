// Every export and every option of the package, used as a program would, knowing no host at all.
import {
  AbortError,
  ApiError,
  ConnectionError,
  CustomersApi,
  DecodeError,
  SyncteraError,
  ThrottleError,
  TimeoutError,
  TokenError,
  ValidationError,
  isProspect,
  isSyncteraError,
  validateCustomer,
  validatePatch,
} from "synctera-customers";
import type {
  AbortSignalLike,
  Address,
  AddressType,
  AddressWrite,
  AnySyncteraError,
  BanStatus,
  CallEvent,
  ClientOptions,
  Clock,
  Customer,
  CustomerCommon,
  CustomerFields,
  CustomerInBody,
  CustomerIterator,
  CustomerKycStatus,
  CustomerList,
  CustomerStatus,
  CustomerWrite,
  ErrorsByName,
  FetchInit,
  FetchLike,
  Finding,
  HeadersLike,
  HttpInfo,
  IterateCustomersParams,
  IterateOptions,
  ListCustomersParams,
  Logger,
  Open,
  PatchCustomer,
  Prospect,
  ReadOptions,
  RelationshipRole,
  RequestEvent,
  RequestOptions,
  ResponseEvent,
  ResponseLike,
  RetryEvent,
  SchemaDrift,
  SortBy,
  SsnSource,
  ThrottleRequest,
  ToArrayOptions,
  Validator,
} from "synctera-customers";

function seen({ call, operation, method, path, attempt }: CallEvent): void {
  if (method === "GET" && call < attempt) throw new Error(operation + path);
}
const response: ResponseLike = {
  status: 200,
  headers: { "content-type": "application/json" },
  text: () => Promise.resolve("{}"),
  json: () => Promise.resolve({}),
};
const fetch: FetchLike = async (url: string, init: FetchInit) => {
  const { method, headers, body, signal, redirect } = init;
  const sent: Required<FetchInit> = {
    method,
    headers,
    body: body ?? url,
    signal,
    redirect,
    cache: init.cache ?? "no-store",
    credentials: init.credentials ?? "omit",
    referrerPolicy: init.referrerPolicy ?? "no-referrer",
  };
  return sent.body === "" ? Promise.reject(signal) : response;
};

const lines: [string, object][] = [];
const line = (message: string, fields: object): void => void lines.push([message, fields]);
const logger: Logger = { debug: line, info: line, warn: line, error: line };

const clock: Clock = {
  now: () => 0,
  setTimeout: (run: () => void, ms: number) => [run, ms],
  clearTimeout: (timer: unknown) => void timer,
  random: () => 0,
};

// `Required` makes the compiler ask for an option that is new.
const clientOptions: Required<ClientOptions> = {
  accessToken: async () => "token",
  environment: "sandbox",
  baseUrl: "http://127.0.0.1:8080/v0",
  credentials: "same-origin",
  fetch,
  timeoutMs: 30_000,
  maxRetries: 1,
  headers: { "x-team": "onboarding" },
  validate: true,
  allowUnknownFields: false,
  maxRetryDelayMs: 5_000,
  maxConcurrent: 20,
  maxRequestsPerSecond: 50,
  maxResponseBytes: 1_000_000,
  throttle: async ({ call, operation, method, path, attempt, signal }: ThrottleRequest) => {
    const fields: (string | number)[] = [call, operation, method, path, attempt];
    if (signal.aborted) throw new Error(fields.join(" "));
    return fields.length;
  },
  onRequest: (event: RequestEvent): HeadersLike => (seen(event), { traceparent: event.path }),
  onResponse: (event: ResponseEvent) => {
    const { ended, durationMs, status, requestId, retryAfterMs } = event;
    if (ended === "answered" && durationMs > 1_000) throw new Error(`${status ?? ""} ${requestId ?? ""} ${retryAfterMs ?? 0}`);
    seen(event);
  },
  onRetry: (event: RetryEvent) => {
    const { ended, status, code, waitMs } = event;
    if (waitMs >= 0 && (ended === "unreachable" || status === 503 || code === "ECONNRESET")) seen(event);
  },
  onSchemaDrift: ({ operation, findings, total }: SchemaDrift) => {
    const found: string[] = findings.map(({ path, found, expected }: Finding) => path + found + expected);
    if (found.length > total) throw new Error(operation);
  },
  logger,
  logLevel: "info",
  clock,
  dangerouslyAllowBrowser: false,
  dangerouslyAllowHttp: false,
};
const signal: AbortSignalLike = {
  aborted: false,
  reason: undefined,
  addEventListener(type: "abort", listener: () => void) {
    if (type === "abort") listener();
  },
  removeEventListener() {},
};
const pairs: [string, string][] = [["x-team", "onboarding"]];
const headers: HeadersLike = pairs;
const readOptions: Required<ReadOptions> = {
  signal,
  timeoutMs: 5_000,
  maxRetryDelayMs: 1_000,
  maxRetries: 0,
  headers,
  accessToken: () => Promise.resolve("of-the-user"),
};
const requestOptions: Required<RequestOptions> = { ...readOptions, idempotencyKey: "signup-20417", allowUnknownFields: true };
const filters: Required<ListCustomersParams> = {
  has_accounts: true,
  ssn_last_4: "0143",
  last_name: "Qu*",
  email: "*@example.com",
  first_name: "Ottoline",
  phone_number: "+1202555*",
  page_token: "page-2",
  id: ["7b1a9d3e-2f7e-4f0c-9a55-0f6f0b8f2a11"] as const,
  limit: 100,
  sort_by: ["last_name:asc", "creation_time:desc"] as const,
  status: "ACTIVE",
};
const iterateOptions: Required<IterateOptions> = {
  ...readOptions,
  pageSize: 50,
  maxItems: 1_000,
  cursor: "50-3-page-2",
  prefetch: true,
};
const address: Required<AddressWrite> = {
  address_line_1: "1 Example Road",
  address_line_2: "Flat 2",
  city: "Springfield",
  state: "OR",
  postal_code: "97477",
  country_code: "US",
  nickname: "home",
  is_registered_agent: false,
};
const fields: Required<CustomerFields> = {
  ban_status: "ALLOWED",
  dob: "1990-04-01",
  email: "ottoline.quay@example.com",
  first_name: "Ottoline",
  last_name: "Quay",
  legal_address: address,
  metadata: { source: { campaign: ["spring", 2] } },
  middle_name: "M",
  note: "opened at the branch",
  phone_number: "+12025550143",
  shipping_address: address,
  ssn: "900-12-0143",
  tenant: "abcdef_ghijkl",
};
const customer: CustomerWrite = { ...fields, status: "ACTIVE" };
const { tenant: _, ...patchable } = fields;
const patch: Required<PatchCustomer> = { ...patchable, status: "INACTIVE" };

const api: CustomersApi = new CustomersApi(clientOptions);

export async function everyMethod(id: string): Promise<void> {
  const created: CustomerInBody = await api.createCustomer(customer, requestOptions);
  const read: CustomerInBody = await api.getCustomer(created.id, readOptions);
  const page: CustomerList = await api.listCustomers(filters, readOptions);
  const patched: CustomerInBody = await api.patchCustomer(id, patch, requestOptions);
  const replaced: CustomerInBody = await api.updateCustomer(id, customer, requestOptions);
  const infos: [
    HttpInfo<CustomerInBody>,
    HttpInfo<CustomerInBody>,
    HttpInfo<CustomerList>,
    HttpInfo<CustomerInBody>,
    HttpInfo<CustomerInBody>,
  ] = [
    await api.createCustomerWithHttpInfo(customer),
    await api.getCustomerWithHttpInfo(id),
    await api.listCustomersWithHttpInfo(),
    await api.patchCustomerWithHttpInfo(id, { email: "a@example.com" }),
    await api.updateCustomerWithHttpInfo(id, customer),
  ];
  for (const { data, status, headers, requestId, idempotencyKey, attempts } of infos) {
    const numbers: number[] = [status, attempts];
    const texts: (string | undefined)[] = [headers["x-request-id"], requestId, idempotencyKey];
    if ("customers" in data && numbers.length === texts.length) return;
  }
  const next: string | undefined = page.next_page_token;
  if (next !== undefined) [read, patched, replaced, ...page.customers].forEach(everyField);
  api.free();
}

/** Each way through an iteration. */
export async function everyPage(): Promise<CustomerInBody[]> {
  const { limit: _limit, page_token: _page_token, ...kept } = filters;
  const params: IterateCustomersParams = kept;
  const iteration: CustomerIterator = api.iterateCustomers(params, iterateOptions);
  for await (const customer of iteration) if (customer.status === "ACTIVE") break;
  const cursor: string | undefined = iteration.cursor;
  const pages: AsyncIterable<CustomerInBody[]> = api.iterateCustomers({}, { cursor }).pages();
  for await (const customers of pages) if (customers.length > 1) break;
  const one = api.iterateCustomers();
  const { done, value } = await one.next();
  const customers: CustomerInBody[] = done ? [] : [value];
  await one.return();
  const ended: boolean = one.done;
  const options: ToArrayOptions = { max: 10 };
  return ended ? customers : await api.iterateCustomers(undefined, { maxItems: 10 }).toArray(options);
}

export function everyField(customer: CustomerInBody): unknown[] {
  const common: CustomerCommon = customer;
  if (isProspect(customer)) {
    const prospect: Prospect = customer;
    return [prospect.status satisfies "PROSPECT"];
  }
  const narrowed: Customer = customer;
  const status: Open<Exclude<CustomerStatus, "PROSPECT">> = narrowed.status;
  const addresses: Address[] = common.addresses ?? [];
  const types: (Open<AddressType> | undefined)[] = addresses.map((address) => address.address_type);
  const ban: Open<BanStatus> | undefined = common.ban_status;
  const kyc: Open<CustomerKycStatus> | undefined = common.kyc_status;
  const source: Open<SsnSource> | undefined = common.ssn_source;
  const metadata: Record<string, unknown> | undefined = common.metadata;
  const flags: (boolean | undefined)[] = [common.has_accounts, common.kyc_exempt];
  const texts: (string | undefined)[] = [
    common.id,
    common.creation_time,
    common.last_updated_time,
    common.kyc_last_run,
    common.email,
    common.middle_name,
    common.phone_number,
    common.ssn,
    common.tenant,
    common.first_name,
    common.last_name,
    common.dob,
    common.legal_address?.id,
    common.shipping_address?.nickname,
  ];
  return [status, types, ban, kyc, source, metadata, flags, texts];
}

/** Each class of error, distinguished by `instanceof`. */
export function everyError(error: unknown): unknown[] {
  if (!(error instanceof SyncteraError)) throw error;
  const base: [string, string | undefined, "not_sent" | "rejected" | "unknown", number] = [
    error.name,
    error.operation,
    error.outcome,
    error.attempts,
  ];
  const ids: (string | number | undefined)[] = [error.idempotencyKey, error.requestId, error.retryAfterMs];
  const views: Record<string, unknown>[] = [error.toJSON(), error.unredacted()];
  if (error instanceof ApiError) {
    const known = error.code === "DUPLICATE_RESOURCE" || error.code === "a code of tomorrow";
    const lists: string[] = [...error.missing, ...error.immutable, ...error.validStatus];
    return [known, lists, error.status, error.title, error.detail, error.type, error.invalid["dob"],
      error.retryAfter, error.headers["date"], error.body, error.bodyKind satisfies string];
  }
  if (error instanceof ConnectionError) return [error.cause?.name satisfies string | undefined, error.cause?.code];
  if (error instanceof TimeoutError) return [error.timeoutMs satisfies number];
  if (error instanceof AbortError) return [error.reason];
  if (error instanceof ValidationError) return [error.argument, error.issues satisfies Finding[], error.cause];
  if (error instanceof DecodeError) return [error.status, error.problem, error.headers, error.body];
  if (error instanceof ThrottleError || error instanceof TokenError) return [error.cause?.name];
  return [base, ids, views];
}

/** One after the other, with nothing left over. */
export function everyKind(error: AnySyncteraError): string | number {
  switch (error.name) {
    case "ApiError":
    case "DecodeError":
      return error.status;
    case "TimeoutError":
      return error.timeoutMs;
    case "ValidationError":
      return error.argument;
    case "ThrottleError":
    case "TokenError":
    case "ConnectionError":
      return error.cause?.name ?? "";
    case "AbortError":
    case "SyncteraError":
      return error.message;
    default:
      return error satisfies never;
  }
}

/** Checks by themselves, and as Standard Schemas. */
export function everyCheck(value: unknown): readonly (string | number)[] {
  const validator: Validator<CustomerWrite> = validateCustomer;
  const findings: Finding[] = [...validator(value), ...validatePatch(value)];
  const { version, vendor, validate } = validator["~standard"];
  const result = validate(value);
  if (result.issues === undefined) return [version, vendor, result.value.status];
  return result.issues.flatMap(({ message, path }) => [message, ...path, findings.length]);
}

/** And by name. */
export function everyName(error: unknown): string {
  const names: (keyof ErrorsByName)[] = ["SyncteraError", "ConnectionError", "TimeoutError", "AbortError"];
  if (isSyncteraError(error, "ApiError")) return error.bodyKind;
  if (isSyncteraError(error, "ValidationError")) return error.argument;
  if (isSyncteraError(error, "DecodeError")) return error.problem;
  if (isSyncteraError(error)) return error.name;
  return names.find((name) => isSyncteraError(error, name)) ?? "of another package";
}

const sorts: SortBy[] = [...(filters.sort_by ?? [])];
const roles: RelationshipRole[] = ["BENEFICIARY", "CUSTODIAN", "PARTNER"];
export { roles, sorts };

/** What may be `undefined` needs no condition, also under `exactOptionalPropertyTypes`. */
export function changes(email: string | undefined, signal: AbortSignalLike | undefined): Promise<CustomerInBody> {
  const settings: ClientOptions = { accessToken: "token", timeoutMs: undefined, headers: { "x-team": undefined } };
  const patch: PatchCustomer = { email };
  return new CustomersApi(settings).patchCustomer("1", patch, { signal, idempotencyKey: undefined });
}

interface Campaign {
  name: string;
}
const campaign: Campaign = { name: "spring" };
export const withMetadata: CustomerWrite = { status: "PROSPECT", metadata: campaign };

/** An error of a program that its class distinguishes from ours. */
export class Declined extends ApiError {
  readonly reference = "d-1";
}

// A misuse that compiles would mean that the declarations have dissolved into `any`.
// @ts-expect-error a status that the API does not know
export const wrongStatus: CustomerWrite = { status: "ACTIV" };
// @ts-expect-error a key, which a call that reads takes none of
export const keyed: ReadOptions = { idempotencyKey: "k" };
// @ts-expect-error an option that there is not
export const wrongOption: RequestOptions = { timeout: 1 };
// @ts-expect-error neither iterable nor of index signatures: only what is declared is there
export const wrongSymbol: unknown = api[Symbol.iterator];
