// Small elements that several views show: a status, a time, and an id that can be copied.
import { h } from "./dom.js";
import { localTime } from "./format.js";

const COPIED_MS = 1500;

/** @param {string} value */
export function badge(value) {
  return h("span", { class: `badge is-${value.toLowerCase().replace(/\W+/g, "-")}`, title: value }, value);
}

/**
 * An instant in local time, with the exact one as its title.
 *
 * @param {string} value
 */
export function instant(value) {
  const { date, time } = localTime(value);
  return h("time", { datetime: value, title: value }, date, time && h("span", { class: "time" }, ` ${time}`));
}

/**
 * A button that copies a text.
 *
 * @param {string} name what is copied, for those who do not see the button
 * @param {string} text
 */
export function copyButton(name, text) {
  const said = h("span", { class: "visually-hidden", role: "status" });
  const button = h("button", { type: "button", class: "copy", "aria-label": name, title: name, onclick: () => copy() });
  /** @param {string} outcome */
  const say = (outcome) => {
    said.textContent = outcome;
    button.dataset["outcome"] = outcome;
    setTimeout(() => {
      said.textContent = "";
      delete button.dataset["outcome"];
    }, COPIED_MS);
  };
  const copy = () => navigator.clipboard.writeText(text).then(() => say("Copied"), () => say("Not copied"));
  return h("span", { class: "copy-box" }, button, said);
}

/**
 * An input with its label above and a hint below.
 *
 * @param {string} id
 * @param {string} label
 * @param {HTMLElement} input
 * @param {string} [hint]
 */
export function labelled(id, label, input, hint) {
  return h("div", { class: "field" }, h("label", { for: id }, label), input, hint && h("p", { class: "hint" }, hint));
}

/**
 * A table of rows of a file.
 *
 * @param {string[]} header
 * @param {import("./dom.js").Child[][]} rows
 */
export function rowsTable(header, rows) {
  return h("table", { class: "rows-table" },
    h("thead", {}, h("tr", {}, ...header.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, ...rows.map((cells) => h("tr", {}, ...cells.map((cell) => h("td", {}, cell))))));
}
