// What is passed on of Synctera's responses: of a success the fields that the role may read, and of
// any response two headers.
import type { CustomerList, HttpInfo } from "synctera-customers";
import { isObject, pick, select } from "./fields.ts";
import { Problem } from "./problem.ts";
import { CUSTOMER, type Schema } from "./schema.ts";
import type { Access, Operation } from "./types.ts";

/** Headers of Synctera's that the page may see, and their forms. */
const HEADERS = {
  "retry-after": /^(\d{1,9}|[\w :,]{20,40} GMT)$/,
  "x-request-id": /^[\w.:+/=-]{1,100}$/,
} as const;

export function passedHeaders(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, form] of Object.entries(HEADERS)) {
    const value = headers[name];
    if (value !== undefined && form.test(value)) passed[name] = value;
  }
  return passed;
}

/** For a success that cannot be passed on. For the page the outcome is unknown. */
export function unreadable(headers: Readonly<Record<string, string>>): Problem {
  return new Problem(502, { detail: "Synctera's response could not be read." }, headers);
}

/**
 * A field of another type than the contract's is left out, as if it were not set. What cannot be
 * left out (an id, a status, the token of the next page) makes the whole response unreadable.
 */
export function readableResponse(operation: Operation, { data, ...info }: HttpInfo<object>, access: Access): Response {
  const headers = passedHeaders({ "x-request-id": info.requestId });
  const schema = select(CUSTOMER, ["id", "status", ...access.readable]);
  const body = operation === "listCustomers" ? pageOf(data as CustomerList, schema) : customerOf(data, schema);
  if (body === undefined) throw unreadable(headers);
  // Some other successes, such as 205, could not have a body here.
  return Response.json(body, { status: info.status === 201 ? 201 : 200, headers });
}

function customerOf(value: unknown, schema: Schema): object | undefined {
  const customer = pick(value, schema);
  return isObject(customer) && "id" in customer && "status" in customer ? customer : undefined;
}

function pageOf({ customers, next_page_token: token }: CustomerList, schema: Schema): object | undefined {
  const picked = customers.map((customer) => customerOf(customer, schema));
  if (picked.includes(undefined)) return undefined;
  // Without a token of another type the list would end early, unnoticed.
  if (token === undefined || token === null) return { customers: picked };
  return typeof token === "string" ? { customers: picked, next_page_token: token } : undefined;
}
