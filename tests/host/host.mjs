// The host's side of the client by itself, with the rules that Rust hands to it.
import { readFileSync } from "node:fs";
import { check, learn, operations, typeOf } from "../../src/host/shape.js";

/** The text, as `cargo xtask test host` got it from Rust. */
export const rules = readFileSync(process.env.RULES, "utf8");

learn(rules);

const numbers = Object.fromEntries(operations.map(({ name }, number) => [name, number]));

/** The operations by their numbers. */
export const {
  createCustomer: CREATE,
  getCustomer: GET,
  listCustomers: LIST,
  patchCustomer: PATCH,
  updateCustomer: UPDATE,
} = numbers;

/** What a client's calls share, as far as arguments are concerned. */
export const STRICT = { validate: true };
export const LAX = { validate: false };

/** One line for each finding. */
export function lines(findings) {
  return findings.map(({ path, found, expected }) => `${path}: ${found}, expected ${expected}`);
}

/** What is wrong with a value that came from the API. */
export function drift(value, type) {
  return lines(check("", value, typeOf(type), true)?.findings ?? []);
}

/** What is wrong with a value that is to be sent. */
export function unfit(value, type, root) {
  return lines(check(root, value, typeOf(type), false)?.findings ?? []);
}

/** The `ValidationError` whose description a function throws. */
export function refusal(act) {
  try {
    act();
  } catch (error) {
    if (error.name === "ValidationError") return error.toError();
    throw error;
  }
  throw new Error("it was not refused");
}
