// Types of `synctera-customers/testing`. TypeScript finds index.d.ts for index.js, which does not exist; JSR
// needs the comment below.
// @ts-types="../dist/index.d.ts"
import type { Clock, CustomerInBody, CustomerWrite, ResponseLike } from "../dist/index.js";

/** What instances of a global class are, where the program's libraries have it. */
type Instance<Name extends string, Otherwise> = typeof globalThis extends { [Key in Name]: { prototype: infer Value } } ? Value : Otherwise;

/** The five operations. */
export type Operation = "createCustomer" | "getCustomer" | "listCustomers" | "patchCustomer" | "updateCustomer";

/** A fault by name; `FAULTS` says what each does. */
export type FaultName =
  | "slow response"
  | "connection reset"
  | "response lost"
  | "delivered twice"
  | "body cut off"
  | "headers late"
  | "headers never"
  | "body late"
  | "body never"
  | "internal error"
  | "not implemented"
  | "bad gateway"
  | "service unavailable"
  | "gateway timeout"
  | "request timeout"
  | "web page with 502"
  | "empty body with 502"
  | "bad request"
  | "unauthenticated"
  | "forbidden"
  | "not found"
  | "duplicate"
  | "key in use"
  | "key of another request"
  | "invalid status"
  | "rate limited"
  | "rate limited by header"
  | "rate limited without delay"
  | "malformed JSON"
  | "web page with 200"
  | "empty body with 200"
  | "another shape with 200";

/** A fault by its parts. */
export interface FaultParts {
  /** Wait before anything else. */
  delayMs?: number;
  /** Wait while the request is handled, its idempotency key taken. */
  holdMs?: number;
  /** Answer with this status, 200 to 599, without handling the request. */
  status?: number;
  /** Answer with this code of the catalogue, and its status unless `status` is given. */
  code?: string;
  /** With `status` or `code`: this body instead of the problem. */
  body?: string;
  /** With them: the content type. */
  contentType?: string;
  /** With them: `retry_after` in the problem, in seconds. */
  retryAfter?: number;
  /** With them: the header `Retry-After`, seconds or a date. */
  retryAfterHeader?: string;
  /** Break the connection: before the request is handled, or after, without a response. */
  drop?: "before" | "after";
  /** Send so many bytes of the body, then break the connection. */
  truncate?: number;
  /** Handle the request twice, as if the network had doubled it; the first response is sent. */
  deliver?: "twice";
  /** Send nothing from there on, for so many milliseconds or for ever. */
  stall?: "headers" | "body" | `headers:${number}` | `body:${number}`;
}

/** What to do to a request. */
export type Fault = FaultName | FaultParts;

/** Each fault by its name, in the grammar of the `Sandbox-Fault` header that the server takes. */
export declare const FAULTS: Readonly<Record<FaultName, string>>;

/** What a sandbox is made of. */
export interface SandboxOptions {
  /** Where everything random begins: the same seed gives the same bytes. A whole number; default 1. */
  seed?: number;
  /** How many fictional customers there are at the beginning. Default 0. */
  customers?: number;
  /** The API key that lets in. Default `"sandbox-token"`. */
  token?: string;
  /** An API key that is known but gets 403. Default `"forbidden-token"`. */
  forbiddenToken?: string;
  /** The workspace that owns every customer. */
  tenant?: string;
  /** Whether an ACTIVE customer needs first name, last name and birth date. Default `false`. */
  strictActive?: boolean;
  /** What to do with read-only fields in a body. Default `"reject"`. */
  readOnlyFields?: "reject" | "ignore";
  /** The status while another request holds the idempotency key. Default 409. */
  concurrentUseStatus?: 409 | 422;
  /** Faults that requests draw at random by the seed, each with its chance. Default: none. */
  randomFaults?: readonly { percent: number; fault: Fault }[];
  /** What signs webhooks. Default `"sandbox-webhook-secret"`. */
  webhookSecret?: string;
  /** The URL that webhooks name. */
  webhookUrl?: string;
  /** The time at the beginning. Default 2026-01-01T00:00:00Z. */
  startTime?: string | number | Date;
  /**
   * Whether the clock goes on to the next timer by itself when nothing else is left to do. Default `true`:
   * waits take no time. With `false`, only `advance` moves it.
   */
  autoAdvance?: boolean;
  /** Whether the clock is the host's. Waits then take their time, and `startTime` is not used. Default `false`. */
  realTime?: boolean;
  /**
   * Whether only requests whose `Host` is a name of this machine are answered, others by 421: for a server that
   * pages of other sites must not reach. Default `false`.
   */
  loopbackOnly?: boolean;
}

/** A request that the sandbox got. */
export interface SandboxRequest {
  /** The operation; absent if the request is of none. */
  readonly operation: Operation | undefined;
  readonly method: string;
  readonly url: string;
  /** Names in lower case, the token included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Its fault, in the grammar of the `Sandbox-Fault` header. */
  readonly fault: string | undefined;
  /** When it arrived: milliseconds since 1970, on the sandbox's clock. */
  readonly at: number;
  /** The status of its response; absent if it got none. */
  readonly status: number | undefined;
}

/** A webhook, as it would be sent; `unwrap` of `synctera-customers/webhooks` takes it. */
export interface SandboxWebhook {
  readonly headers: Readonly<Record<"content-type" | "request-timestamp" | "synctera-signature", string>>;
  readonly body: string;
}

/** A time: milliseconds, or a number and a unit. */
export type Duration = number | `${number} ${"ms" | "second" | "seconds" | "minute" | "minutes" | "hour" | "hours" | "day" | "days" | "week" | "weeks"}`;

/** The sandbox's time; give it to a client as its `clock`, so that deadlines and waits take no time either. */
export interface SandboxClock extends Clock {
  /** Lets time pass, and runs what becomes due, in order. */
  advance(duration: Duration): void;
}

/** The API in process: no port, nothing global is changed, and two sandboxes share nothing. */
export interface Sandbox {
  /** The API key that lets in. */
  readonly token: string;
  /** What signs webhooks. */
  readonly webhookSecret: string;
  /** In the place of the global `fetch`; needs no `this`. The host of the URL is not looked at. */
  fetch(input: string | Instance<"URL", never> | Instance<"Request", never>, init?: object): Promise<Instance<"Response", Required<ResponseLike>>>;
  /**
   * Answers a request that another library hands over, with that request's response: MSW
   * (`http.all("*", sandbox.handler)`), Playwright (`page.route("**", sandbox.handler)`), or a server.
   */
  handler(given: any): Promise<any>;
  /** Gives the next requests, of one operation or of any, a fault. `times` is 1 by default. */
  fail(scheduled: { on?: Operation; times?: number; fault: Fault }): void;
  /** The sandbox's time. */
  readonly clock: SandboxClock;
  /** The requests since the beginning or the last `reset`, oldest first. */
  readonly requests: SandboxRequest[];
  /** All customers, oldest first. */
  readonly customers: CustomerInBody[];
  /** What was sent to the webhook, oldest first. */
  readonly webhooks: SandboxWebhook[];
  /** Everything that the sandbox holds: customers, keys, time, where its random values stand. */
  snapshot(): string;
  /** Goes back to a snapshot. Forgets requests, webhooks and faults. */
  restore(snapshot: string): void;
  /** Begins anew, as it was made. */
  reset(): void;
}

/** Makes a sandbox. */
export declare function createSandbox(options?: SandboxOptions): Sandbox;

/**
 * A fictional customer to create: valid in every field. The same seed gives the same; without one, each call
 * gives another.
 */
export declare function fakeCustomer(seed?: number): CustomerWrite;
