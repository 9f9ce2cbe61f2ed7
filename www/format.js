// How values are shown. What the server sends is shown as sent, except for two things: a whole tax number never
// appears, wherever it comes from, and times are those of the place where the page is read.

/** @import { CustomerInBody } from "/pkg/entries/default.js" */

const WHOLE_SSN = /(?<!\d)\d{3}([- ])\d{2}\1(\d{4})(?!\d)/g;
const NINE_DIGITS = /(?<![+\d])\d{5}(\d{4})(?!\d)/g;

/**
 * Text with every whole tax number cut to its last four digits.
 *
 * @param {string} text
 */
export function masked(text) {
  return text.replace(WHOLE_SSN, "•••-••-$2");
}

/**
 * As `masked`, for text that may quote what a person typed: there, nine digits in a row are taken
 * for a tax number too.
 *
 * @param {string} text
 */
export function maskedQuote(text) {
  return masked(text).replace(NINE_DIGITS, "•••••$1");
}

/**
 * The last four digits of a tax number, whatever was sent.
 *
 * @param {string} ssn
 */
export function lastFour(ssn) {
  return `•••-••-${ssn.slice(-4)}`;
}

/**
 * Any value of JSON as text for people.
 *
 * @param {unknown} value
 */
export function plain(value) {
  if (typeof value === "string") return masked(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return masked(JSON.stringify(value, null, 2) ?? "");
}

/**
 * The name of a customer, or what else there is to call it.
 *
 * @param {CustomerInBody} customer
 */
export function nameOf(customer) {
  const parts = [customer.first_name, customer.middle_name, customer.last_name];
  return masked(parts.filter(Boolean).join(" ") || customer.email || customer.id);
}

/**
 * The name of a customer as a sorted list has it: the last name first.
 *
 * @param {CustomerInBody} customer
 */
export function sortedName({ first_name, middle_name, last_name }) {
  const given = [first_name, middle_name].filter(Boolean).join(" ");
  return masked([last_name, given].filter(Boolean).join(", ") || "(no name)");
}

/**
 * Date and time of an instant where the person is, to the minute: `2025-02-03` and `14:05`. What is no
 * instant stays unchanged, as a date.
 *
 * @param {string} instant
 */
export function localTime(instant) {
  const at = new Date(instant);
  if (!/^\d{4}-\d{2}-\d{2}T/.test(instant) || Number.isNaN(at.getTime())) return { date: instant, time: "" };
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return {
    date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}`,
  };
}

/**
 * A duration for people.
 *
 * @param {number} ms
 */
export function duration(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
