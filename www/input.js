// What is typed into a field: brought into the form that the API takes where that is safe, and checked.

/** @import { Field } from "./fields.js" */

/** Spaces and the signs between groups of a number. */
const SEPARATORS = /[\s().\-–/]/g;
/** A number of the United States, Canada and the islands that share +1, without that. */
const NORTH_AMERICAN = /^[2-9]\d{2}[2-9]\d{6}$/;

/** By field. A text that is not of the expected kind is left alone. @type {Record<string, (text: string) => string>} */
const TIDY = {
  ssn: (text) => text.replace(SEPARATORS, "").replace(/^(\d{3})(\d{2})(\d{4})$/, "$1-$2-$3"),
  phone_number: tidyPhone,
  dob: (text) => text.replace(/^(\d{4})[/. ]?(\d{2})[/. ]?(\d{2})$/, "$1-$2-$3"),
  country_code: capitals,
  state: capitals,
};

/** @param {string} text */
function tidyPhone(text) {
  const digits = text.replace(SEPARATORS, "");
  if (/^\+\d+$/.test(digits)) return digits;
  if (NORTH_AMERICAN.test(digits)) return `+1${digits}`;
  return digits.startsWith("1") && NORTH_AMERICAN.test(digits.slice(1)) ? `+${digits}` : text;
}

/** @param {string} text */
function capitals(text) {
  return /^[a-z]{2}$/i.test(text) ? text.toUpperCase() : text;
}

/**
 * The text as sent, and what to say if more changed than spaces at the ends.
 *
 * @param {Field} field
 * @param {string} typed
 * @returns {{ text: string, note: string }}
 */
export function tidy({ name, kind }, typed) {
  if (kind === "json" || kind === "lines") return { text: typed, note: "" };
  const trimmed = typed.trim();
  const change = TIDY[name];
  const text = change ? change(trimmed) : trimmed;
  // A text that does not become valid stays as it was typed.
  if (text === trimmed || check({ name, kind, label: "" }, text) !== undefined) return { text: trimmed, note: "" };
  return { text, note: kind === "secret" ? "Hyphens were added." : `Changed to ${text}.` };
}

/** By field: the form that the contract gives, and how it is said. @type {Record<string, [RegExp, string]>} */
const FORMS = {
  ssn: [/^\d{3}-\d{2}-\d{4}$/, "Nine digits are expected, as NNN-NN-NNNN."],
  phone_number: [/^\+[1-9]\d{1,14}$/, "A plus sign, the country code and the number are expected, as +12025550143."],
  country_code: [/^[A-Z]{2}$/, "Two letters are expected for the country, as US."],
};

/**
 * What is wrong with a text, if that can be said without the server. An empty one is not checked here.
 *
 * @param {Field} field
 * @param {string} text
 * @returns {string | undefined}
 */
export function check({ name, kind }, text) {
  if (text.trim() === "") return undefined;
  if (kind === "json") return checkObject(text);
  if (name === "dob") return isDate(text) ? undefined : "A date is expected, as 1984-07-13.";
  const [form, message] = FORMS[name] ?? [];
  return form && !form.test(text) ? message : undefined;
}

/** @param {string} text */
function checkObject(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : "A JSON object in braces is expected.";
  } catch {
    return "This is no valid JSON.";
  }
}

/** @param {string} text */
function isDate(text) {
  const at = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
