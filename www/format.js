// How values are shown. What the server sends is shown as sent, except for one thing: a whole tax
// number never appears, wherever it comes from.

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
 * An instant to the minute, in UTC as sent: `2025-02-03 14:05`. What is no instant stays as it is.
 *
 * @param {string} instant
 */
export function toTheMinute(instant) {
  return instant.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}).*Z$/, "$1 $2");
}

/**
 * A duration for people.
 *
 * @param {number} ms
 */
export function duration(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
