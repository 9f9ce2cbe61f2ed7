// From what is typed to what is sent. Plain values in, plain values out; the page is not involved.
import { ADDRESSES, ADDRESS_FIELDS, plainFields } from "./fields.js";
import { check } from "./input.js";

/** @import { Field, Mode } from "./fields.js" */

/** What is typed, by paths such as `email` or `legal_address.city`. @typedef {Map<string, string>} Entries */
/** @typedef {{ [name: string]: unknown }} Body */
/** The body, or what keeps it from being made: messages by path. @typedef {{ body: Body, faults: Map<string, string[]> }} Draft */

/** What an address has to have, and what to say where it is missing. @type {Record<string, string>} */
const REQUIRED_IN_ADDRESS = {
  address_line_1: "An address needs its first line.",
  country_code: "An address needs a country, such as US.",
};

const CLEARED = "The API cannot clear a field. Enter a value, or what was there before.";

/**
 * The text with which a field of a form begins. A stored tax number is no text to begin with: it
 * is masked, and would be sent as it stands.
 *
 * @param {Field} field
 * @param {unknown} stored
 */
export function initialText(field, stored) {
  if (stored === undefined || stored === null || field.kind === "secret") return "";
  return field.kind === "json" ? JSON.stringify(stored, null, 2) : String(stored);
}

/**
 * What is sent: for a patch what changed, otherwise the customer as it shall be, which begins
 * with the one that was loaded. What only the server sets stays in it; the client leaves it out.
 *
 * @param {Mode} mode
 * @param {object | undefined} loaded
 * @param {Entries} entries
 * @returns {Draft}
 */
export function draftOf(mode, loaded, entries) {
  const stored = /** @type {Body} */ (loaded ?? {});
  /** @type {Draft} */
  const draft = { body: mode === "replace" ? { ...stored } : {}, faults: new Map() };
  for (const field of plainFields(mode)) {
    const text = textAt(entries, field.name);
    if (mode === "patch") patchField(draft, field, stored[field.name], text);
    else writeField(draft, field, text);
  }
  for (const { name } of ADDRESSES) {
    if (mode === "patch") patchAddress(draft, name, stored[name], entries);
    else writeAddress(draft, name, stored[name], entries);
  }
  return draft;
}

/**
 * @param {Draft} draft
 * @param {Field} field
 * @param {string} text
 */
function writeField(draft, field, text) {
  if (text.trim() === "" && field.attributes?.["required"]) {
    draft.faults.set(field.name, [`Choose one of ${field.choices?.join(", ")}.`]);
  } else if (text.trim() !== "") read(draft, field, field.name, text, draft.body);
  // Empty means to be left out, except for the tax number: its masked form is not shown at all.
  else if (field.kind !== "secret") delete draft.body[field.name];
}

/**
 * @param {Draft} draft
 * @param {Field} field
 * @param {unknown} stored
 * @param {string} text
 */
function patchField(draft, field, stored, text) {
  if (text === initialText(field, stored)) return;
  else if (text.trim() === "") draft.faults.set(field.name, [CLEARED]);
  else read(draft, field, field.name, text, draft.body);
}

/**
 * @param {Draft} draft
 * @param {string} name
 * @param {unknown} stored
 * @param {Entries} entries
 */
function writeAddress(draft, name, stored, entries) {
  const address = readAddress(draft, name, stored, entries);
  if (address) draft.body[name] = address;
  else delete draft.body[name];
}

/**
 * @param {Draft} draft
 * @param {string} name
 * @param {unknown} stored
 * @param {Entries} entries
 */
function patchAddress(draft, name, stored, entries) {
  const before = /** @type {Body} */ (stored ?? {});
  const changed = ADDRESS_FIELDS.some(
    (field) => textAt(entries, `${name}.${field.name}`) !== initialText(field, before[field.name]),
  );
  if (!changed) return;
  const address = readAddress(draft, name, stored, entries);
  if (address) draft.body[name] = address;
  else draft.faults.set(name, [CLEARED]);
}

/**
 * An address goes whole, so members that the form does not know come along; `undefined` if nothing
 * is typed.
 *
 * @param {Draft} draft
 * @param {string} name
 * @param {unknown} stored
 * @param {Entries} entries
 */
function readAddress(draft, name, stored, entries) {
  const { id, address_type, ...address } = /** @type {Body} */ (stored ?? {});
  let isEmpty = true;
  for (const field of ADDRESS_FIELDS) {
    const path = `${name}.${field.name}`;
    const text = textAt(entries, path);
    if (text.trim() === "") {
      delete address[field.name];
      continue;
    }
    isEmpty = false;
    read(draft, field, path, text, address);
  }
  if (isEmpty) return undefined;
  for (const [member, message] of Object.entries(REQUIRED_IN_ADDRESS)) {
    if (!(member in address)) draft.faults.set(`${name}.${member}`, [message]);
  }
  return address;
}

/**
 * Puts the value that a text stands for under the field's name.
 *
 * @param {Draft} draft
 * @param {Field} field
 * @param {string} path
 * @param {string} text
 * @param {Body} into
 */
function read(draft, field, path, text, into) {
  const fault = check(field, text.trim());
  if (fault !== undefined) draft.faults.set(path, [fault]);
  switch (field.kind) {
    case "json":
      if (fault === undefined) into[field.name] = JSON.parse(text);
      break;
    case "boolean":
      into[field.name] = text === "true";
      break;
    default:
      // The server does not tidy; a space at either end is a slip (BEHAVIOUR 1.8).
      into[field.name] = text.trim();
  }
}

/**
 * @param {Entries} entries
 * @param {string} path
 */
function textAt(entries, path) {
  return entries.get(path) ?? "";
}
