// The shape of the config. A name that the API does not have is an error of the compiler.
import type {
  Address,
  AddressWrite,
  Customer,
  CustomersApi,
  CustomerWrite,
  ListCustomersParams,
  SortBy,
} from "synctera-customers";
import type { Env } from "./env.ts";

/** The five operations, by the names of the client's methods. */
export type Operation = Extract<
  keyof CustomersApi,
  "createCustomer" | "getCustomer" | "listCustomers" | "patchCustomer" | "updateCustomer"
>;

type AddressName = "legal_address" | "shipping_address";

/** A field of a response, or a member of an address in it. */
export type ReadableField = keyof Customer | `${AddressName | "addresses"}.${keyof Address}`;

/** A field of a request, or a member of an address in it. */
export type WritableField = keyof CustomerWrite | `${AddressName}.${keyof AddressWrite}`;

/** Parameters of a list that are no filters: paging is always allowed, and so is what is `sortable`. */
type Paging = "limit" | "page_token" | "sort_by";
export type Filter = Exclude<keyof ListCustomersParams, Paging>;

export type SortField = SortBy extends `${infer Field}:${string}` ? Field : never;

/** What a role may do. */
export interface Access {
  readonly operations: readonly Operation[];
  /** Whether only the customer that the session names may be touched, and none listed or created. */
  readonly ownRecordOnly?: boolean;
  /** Fields that pass in responses, besides `id` and `status`, without which there is no customer. */
  readonly readable: readonly ReadableField[];
  /** Fields that requests may carry. */
  readonly writable: readonly WritableField[];
  readonly filters?: readonly Filter[];
  readonly sortable?: readonly SortField[];
}

/** Who is asking. */
export interface User {
  /** Never logged; the rate limiter counts by it. */
  readonly id: string;
  readonly role: string;
  /** The record of a user who is a customer. */
  readonly customerId?: string;
}

export interface Limits {
  /** The largest body of a request, in bytes. */
  readonly bodyBytes: number;
  /** The largest body of a response from Synctera, in bytes. */
  readonly responseBytes: number;
  /** The most customers on a page. */
  readonly pageSize: number;
  /** How long Synctera has for a response, in milliseconds. */
  readonly timeoutMs: number;
  /** When a user who asks too often may come again, in seconds. */
  readonly retryAfterSeconds: number;
}

export interface Config {
  /** Identifies the caller; undefined if there is any doubt. */
  readonly authenticate: (request: Request, env: Env) => Promise<User | undefined>;
  readonly roles: Readonly<Record<string, Access>>;
  readonly limits: Limits;
}
