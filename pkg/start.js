// What the package exports, once its WebAssembly module is in hand. Every entry that need not
// wait for the module calls this; they differ only in where it comes from. Part of dist/core.js.
import {
  AbortError,
  ApiError,
  ConnectionError,
  Core,
  DecodeError,
  SyncteraError,
  ThrottleError,
  TimeoutError,
  TokenError,
  ValidationError,
  checkBody,
  initSync,
  isProspect,
  isSyncteraError,
  pageLimit,
  protect,
  turnPage,
} from "./core.js";

/** The class that every entry exports. The module's own throws descriptions of errors. */
export const CustomersApi = /* @__PURE__ */ protect(Core, pageLimit, turnPage);

/** Checks of bodies; also Standard Schemas. */
export const validateCustomer = /* @__PURE__ */ validator(false);
export const validatePatch = /* @__PURE__ */ validator(true);

/** @param {boolean} isPatch */
function validator(isPatch) {
  const find = (value) => checkBody(value, isPatch);
  const validate = (value) => {
    const findings = find(value);
    return findings.length === 0 ? { value } : { issues: findings.map(issueOf) };
  };
  return Object.assign(find, { "~standard": { version: 1, vendor: "synctera-customers", validate } });
}

/** A finding as Standard Schema has it: `customer.legal_address.city` is a path of two steps. */
function issueOf({ path, found, expected }) {
  const steps = path.match(/[^.[\]]+/g).slice(1);
  return {
    message: `${found}, expected ${expected}`,
    path: steps.map((step) => (/^[0-9]+$/.test(step) ? Number(step) : step)),
  };
}

/**
 * Instantiates the module and returns the package's exports.
 *
 * Entries bind these to their own names. A plain re-export of core.js would let a bundler,
 * which reads that this package has no side effects, drop the entry and with it the call to `initSync`.
 *
 * @param {WebAssembly.Module | BufferSource} module
 */
export function start(module) {
  try {
    initSync({ module: adopt(module) });
  } catch (cause) {
    throw explained(cause);
  }
  return {
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
  };
}

/**
 * What to do where the host does not compile the module: an error of this package, or what the host threw if
 * that is something else.
 *
 * @param {any} cause
 */
export function explained(cause) {
  const advice = adviceFor(String(cause?.message));
  return advice ? new SyncteraError(`synctera-customers cannot start: ${advice}`, {}, { cause }) : cause;
}

/** @param {string} message the host's */
function adviceFor(message) {
  if (typeof WebAssembly === "undefined") {
    return "there is no WebAssembly here (iOS's Lockdown Mode and Node's --jitless take it away). Make the calls on a server.";
  }
  if (/Content.Security.Policy|CSP|unsafe-eval/i.test(message)) {
    return "a Content-Security-Policy forbids WebAssembly. Allow 'wasm-unsafe-eval' in its script-src.";
  }
  if (/main thread/i.test(message)) {
    return "this browser compiles no WebAssembly at once on the main thread. Import synctera-customers/slim, or update it.";
  }
  if (/externref|reference.types/i.test(message)) {
    return "this host is too old: its WebAssembly has no reference types. Update it.";
  }
  return undefined;
}

/**
 * Makes a compiled module this realm's own. Next.js compiles it in its server's realm and runs
 * the program in another, where the glue's `instanceof WebAssembly.Module` would be false, and
 * the module be taken for bytes.
 */
function adopt(module) {
  const isModule = Object.prototype.toString.call(module) === "[object WebAssembly.Module]";
  if (isModule && !(module instanceof WebAssembly.Module)) {
    Object.setPrototypeOf(module, WebAssembly.Module.prototype);
  }
  return module;
}

/**
 * The bytes of a module that travels as text (xtask/src/text.rs says why and how).
 *
 * @param {string[]} parts the bytes that have one character each, in hexadecimal, and the text
 */
export function decode([common, text]) {
  const order = common.match(/../g).map((byte) => parseInt(byte, 16));
  // Those that have two follow in ascending order.
  const single = order.length;
  const known = new Set(order);
  for (let byte = 0; byte < 256; byte += 1) if (!known.has(byte)) order.push(byte);
  // What a character stands for: all count but those that a string or a page would escape.
  const index = new Uint8Array(128);
  let characters = 0;
  for (let code = 32; code < 127; code += 1) {
    if (!"\"'`$\\<".includes(String.fromCharCode(code))) index[code] = characters++;
  }
  const bytes = new TextEncoder().encode(text);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    let which = index[bytes[at]];
    if (which >= single) which = single + (which - single) * characters + index[bytes[(at += 1)]];
    bytes[length++] = order[which];
  }
  return bytes.subarray(0, length);
}
