// Types of `synctera-customers/webhooks`. TypeScript finds index.d.ts for index.js, which does not exist; JSR
// needs the comment below.
// @ts-types="../dist/index.d.ts"
import type { CustomerInBody } from "../dist/index.js";

/** The request's body as it came: text, or bytes. A parsed body cannot be checked. */
export type RawBody = string | ArrayBuffer | ArrayBufferView;

/** A `Headers`, an object (Node's `request.headers`), pairs, or names and values in turn (Node's `rawHeaders`). */
export type WebhookHeaders =
  | { entries(): Iterable<[string, string]> }
  | { readonly [name: string]: string | readonly string[] | undefined }
  | readonly (readonly [string, string])[]
  | readonly string[];

/** How a request is checked. */
export interface WebhookOptions {
  /** The webhook's secret; two while it is being replaced. */
  secrets: string | readonly string[];
  /** How far its timestamp may be from now, in milliseconds. Default 300 000, 5 minutes; `Infinity` for any. */
  toleranceMs?: number | undefined;
}

/** What every event has. Events come more than once and in no promised order: read the customer before acting. */
export interface WebhookEnvelope<Type extends string, Resource> {
  /** Identifier of the event; the same each time it is delivered. */
  readonly id: string;
  /** What happened. */
  readonly type: Type;
  /** When it happened: RFC 3339. */
  readonly event_time: string;
  /** Where it was sent. */
  readonly url: string;
  /** The webhook that it was sent for. */
  readonly webhook_id: string;
  /** The webhook's own metadata. */
  readonly metadata?: unknown;
  /** Identifier of the customer or person. */
  readonly resource_id?: string | undefined;
  /** The customer or person after the event, **personal data included**. */
  readonly event_resource?: Resource | undefined;
  /** The fields that changed, with their values **from before**. */
  readonly event_resource_changed_fields?: Partial<Resource> | undefined;
}

/** An event about a customer; further types may come. */
export type CustomerEvent = WebhookEnvelope<
  "CUSTOMER.CREATED" | "CUSTOMER.UPDATED" | "CUSTOMER.KYC_OUTCOME.UPDATED" | (string & {}),
  CustomerInBody
>;
/** An event about a person, of whom customers are a kind; further types may come. */
export type PersonEvent = WebhookEnvelope<
  "PERSON.CREATED" | "PERSON.UPDATED" | "PERSON.VERIFICATION_OUTCOME.UPDATED" | (string & {}),
  { readonly [name: string]: unknown }
>;
/** Any event; `isCustomerEvent` and `isPersonEvent` narrow it. */
export type WebhookEvent = WebhookEnvelope<string, unknown>;

/**
 * Checks a request and gives its event. The JSON inside `event_resource` and
 * `event_resource_changed_fields` is parsed; events of unknown types pass.
 *
 * @throws {WebhookError} if anything is missing, malformed, too old or not signed by one of the secrets.
 */
export function unwrap(rawBody: RawBody, headers: WebhookHeaders, options: WebhookOptions): Promise<WebhookEvent>;

/** Whether a request is signed by one of the secrets, and not too old. */
export function verify(rawBody: RawBody, headers: WebhookHeaders, options: WebhookOptions): Promise<boolean>;

/** The headers that Synctera would send with a body, for tests; two secrets give two signatures. */
export function sign(
  rawBody: RawBody,
  options: { secrets: string | readonly string[]; timestampMs?: number | undefined },
): Promise<{ "Request-Timestamp": string; "Synctera-Signature": string }>;

/** Whether an event is about a customer. */
export function isCustomerEvent(event: WebhookEvent): event is CustomerEvent;
/** Whether an event is about a person. */
export function isPersonEvent(event: WebhookEvent): event is PersonEvent;

/** A request that is not a webhook of Synctera's. Holds nothing of its body. */
export class WebhookError extends Error {
  private constructor();
  readonly name: "WebhookError";
  /** What is wrong. */
  readonly reason:
    | "missing_secret"
    | "unreadable_body"
    | "missing_signature"
    | "missing_timestamp"
    | "malformed_signature"
    | "malformed_timestamp"
    | "outside_tolerance"
    | "wrong_signature"
    | "malformed_event";
}
