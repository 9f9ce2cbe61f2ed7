// A call as text that makes it again: plain values in, text out. The token is read from the
// environment, and an SSN is left out.

/** @import { Call } from "./call-log.js" */

const TOKEN_VARIABLE = "SYNCTERA_API_KEY";
/** Vite gives a page only variables with this prefix. */
const VITE_TOKEN_VARIABLE = `VITE_${TOKEN_VARIABLE}`;

/** The commands of `synctera-customers` by the method of `CustomersApi`. @type {Record<string, string>} */
const COMMANDS = {
  createCustomer: "create",
  getCustomer: "get",
  listCustomers: "list",
  patchCustomer: "patch",
  updateCustomer: "update",
};

/**
 * A program for Node, Deno and Bun.
 *
 * @param {Call} call
 */
export function asTypeScript(call) {
  return program(call, `process.env["${TOKEN_VARIABLE}"]`, [`// ${TOKEN_VARIABLE} in the environment holds the token.`]);
}

/**
 * The main module of a page that Vite builds.
 *
 * @param {Call} call
 */
export function asViteModule(call) {
  return program(call, `import.meta.env["${VITE_TOKEN_VARIABLE}"]`, [
    `// .env.local in the project's folder holds the token: ${VITE_TOKEN_VARIABLE}=…`,
    "// Every visitor of a page can read it: only for the local sandbox, or a session with your own backend.",
  ]);
}

/**
 * @param {Call} call
 * @param {string} token
 * @param {string[]} comments
 */
function program(call, token, comments) {
  const { id, params } = call.arguments;
  const body = bodyOf(call);
  const key = keyOf(call);
  const options = key && { idempotencyKey: key };
  const values = [id, params && Object.keys(params).length > 0 ? params : undefined, body, options];
  const list = values.filter((value) => value !== undefined).map((value) => literal(value)).join(", ");
  return [
    'import { CustomersApi } from "synctera-customers";',
    "",
    ...comments,
    "const api = new CustomersApi({",
    `  baseUrl: ${literal(call.baseUrl)},`,
    `  accessToken: ${token},`,
    "});",
    "",
    ...(hasSsn(call) ? ["// The SSN of this call is not copied, nor its idempotency key, which belongs to the whole body."] : []),
    ...(options ? ["// The same key gives the same result. Without it, the client makes a new one."] : []),
    `const result = await api.${call.operation}(${list});`,
    "console.log(result);",
    "",
  ].join("\n");
}

/** @param {Call} call */
export function asCurl(call) {
  const body = bodyOf(call);
  const key = keyOf(call);
  const lines = [
    `curl -X ${call.method} ${quoted(urlOf(call))}`,
    `-H "Authorization: Bearer $${TOKEN_VARIABLE}"`,
    ...(key === undefined ? [] : [`-H ${quoted(`Idempotency-Key: ${key}`)}`]),
    ...(body === undefined ? [] : ["-H 'Content-Type: application/json'", `--data-raw ${quoted(JSON.stringify(body))}`]),
  ];
  return `${lines.join(" \\\n  ")}\n`;
}

/**
 * For the package's own program, which takes the token from the environment.
 *
 * @param {Call} call
 */
export function asCommandLine(call) {
  const { id, params } = call.arguments;
  const body = bodyOf(call);
  const key = keyOf(call);
  const words = [
    `npx synctera-customers ${COMMANDS[call.operation]}`,
    ...(id === undefined ? [] : [quoted(id)]),
    ...(body === undefined ? [] : [quoted(JSON.stringify(body))]),
    ...Object.entries(params ?? {}).map(([name, value]) => `--${name.replaceAll("_", "-")}=${quoted(String(value))}`),
    ...(key === undefined ? [] : [`--idempotency-key=${quoted(key)}`]),
    `--base-url=${quoted(call.baseUrl)}`,
  ];
  return `${words.join(" \\\n  ")}\n`;
}

/**
 * The body as it was sent, without what only the server sets, or as it would have been.
 *
 * @param {Call} call
 */
function bodyOf(call) {
  if (call.arguments.body === undefined) return undefined;
  const { ssn, ...body } = sentBody(call);
  return body;
}

/**
 * The key belongs to the bytes that were sent under it.
 *
 * @param {Call} call
 */
function keyOf(call) {
  return hasSsn(call) ? undefined : call.idempotencyKey;
}

/** @param {Call} call */
function hasSsn(call) {
  return call.arguments.body !== undefined && "ssn" in sentBody(call);
}

/**
 * @param {Call} call
 * @returns {Record<string, unknown>}
 */
function sentBody({ requestText, arguments: { body } }) {
  return requestText === undefined ? { ...body } : JSON.parse(requestText);
}

/** @param {Call} call */
function urlOf({ requestUrl, baseUrl, path }) {
  return requestUrl ?? `${baseUrl}${path}`;
}

/**
 * A value as an expression of TypeScript, indented as the code around it.
 *
 * @param {unknown} value
 */
function literal(value) {
  const json = JSON.stringify(value, null, 2);
  // Members whose names are names need no quotes. `__proto__` would set the prototype.
  return json.replaceAll(/^( +)"([A-Za-z_]\w*)": /gm, (whole, indent, name) =>
    name === "__proto__" ? `${indent}["__proto__"]: ` : `${indent}${name}: `);
}

/**
 * A text as one word of a POSIX shell.
 *
 * @param {string} text
 */
function quoted(text) {
  return /^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
