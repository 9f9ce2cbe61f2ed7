// Saves customers to a file on the person's machine.
import { h } from "./dom.js";
import { fileOf } from "./rows.js";

/** @import { Context } from "./main.js" */
/** @import { Format } from "./rows.js" */

/** @type {Record<Format, { label: string, type: string }>} */
const FORMATS = {
  csv: { label: "CSV", type: "text/csv" },
  ndjson: { label: "NDJSON", type: "application/x-ndjson" },
};

/** How long a browser may take to begin the download, which then keeps what it reads. */
const SAVING_MS = 10_000;

/**
 * Buttons that save the customers which the list has loaded.
 *
 * @param {Context} context
 */
export function exportButtons({ query }) {
  const buttons = Object.entries(FORMATS).map(([name, { label }]) => {
    const format = /** @type {Format} */ (name);
    const onclick = () => save(fileOf(query.customers, format), `customers.${format}`, format);
    return h("button", { type: "button", "aria-label": `Export as ${label}`, onclick }, label);
  });
  const about = { class: "inline-field", role: "group", "aria-label": "Export the customers that are loaded" };
  return h("div", about, "Export", ...buttons);
}

/**
 * Has the browser save a text. Its name says nothing about a customer: browsers keep the names of downloads.
 *
 * @param {string} text
 * @param {string} name
 * @param {Format} format
 */
export function save(text, name, format) {
  const url = URL.createObjectURL(new Blob([text], { type: FORMATS[format].type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), SAVING_MS);
}
