// The form of the list's filters, and the chips that say which apply. What is typed applies a moment later;
// what is no filter before it is whole (four digits, ids, a token) applies when the field is left or Enter is pressed.
import { h } from "./dom.js";
import { Control } from "./control.js";
import { STATUSES } from "./fields.js";
import { DEFAULT_SORT } from "./query.js";

/** @import { SortBy } from "/pkg/entries/default.js" */
/** @import { Field } from "./fields.js" */
/** @import { Filters, Query } from "./query.js" */

const PAUSE_MS = 350;
const PREFIX = "Begins with; * stands for anything.";

/** @type {Record<string, string>} */
const ORDERS = {
  "creation_time:desc": "Newest first",
  "creation_time:asc": "Oldest first",
  "last_updated_time:desc": "Last changed first",
  "last_updated_time:asc": "Last changed last",
  "last_name:asc": "Last name, A to Z",
  "last_name:desc": "Last name, Z to A",
  "first_name:asc": "First name, A to Z",
  "first_name:desc": "First name, Z to A",
};

/** @type {Field[]} */
const COMMON = [
  { name: "last_name", label: "Last name", kind: "text", hint: PREFIX },
  { name: "first_name", label: "First name", kind: "text", hint: PREFIX },
  { name: "email", label: "E-mail", kind: "text", hint: PREFIX, attributes: { inputmode: "email" } },
  { name: "status", label: "Status", kind: "choice", choices: STATUSES },
  { name: "sort", label: "Order", kind: "choice", choices: Object.keys(ORDERS), texts: ORDERS, isAlwaysSet: true },
];

/** @type {Field[]} */
const RARE = [
  {
    name: "phone_number",
    label: "Phone number",
    kind: "text",
    hint: "Begins with, as +1202.",
    attributes: { inputmode: "tel" },
  },
  { name: "ssn_last_4", label: "SSN, last four", kind: "text", attributes: { maxlength: 4, inputmode: "numeric" } },
  { name: "has_accounts", label: "Has accounts", kind: "boolean" },
  { name: "then_by", label: "Then sort by", kind: "choice", choices: Object.keys(ORDERS), texts: ORDERS },
  { name: "id", label: "Ids", kind: "lines", hint: "Several with spaces or commas between them." },
  { name: "page_token", label: "Begin at page token", kind: "text", hint: "A next_page_token of the same filters and order." },
];

/** Those that mean nothing before they are whole. */
const WHOLE_ONLY = ["ssn_last_4", "id", "page_token"];

export class FilterForm {
  /** @type {Map<string, { field: Field, control: Control }>} */
  #controls = new Map();
  #chips = h("ul", { class: "chips", "aria-label": "Filters that apply" });
  #clear = h("button", { type: "button", class: "quiet", onclick: () => this.reset() }, "Clear filters");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;
  #query;
  #apply;
  #applied = "";

  /**
   * @param {Query} query what the fields begin with, and what they change
   * @param {() => void} apply called after the query has changed
   */
  constructor(query, apply) {
    this.#query = query;
    this.#apply = apply;
    const rare = h("details", { class: "more" },
      h("summary", {}, "More filters"),
      h("div", { class: "fields" }, ...RARE.map((field) => this.#control(field))));
    rare.open = RARE.some(({ name }) => this.#initial(name) !== "");
    /** @param {SubmitEvent} event */
    const onsubmit = (event) => {
      event.preventDefault();
      this.#read();
    };
    this.element = h("form", {
      class: "filters card",
      role: "search",
      "aria-label": "Filters",
      novalidate: true,
      autocomplete: "off",
      onsubmit,
      oninput: (/** @type {any} */ event) => this.#soon(event.target.name),
      onchange: () => this.#read(),
    },
    h("div", { class: "fields" }, ...COMMON.map((field) => this.#control(field))),
    rare,
    h("div", { class: "actions" }, h("button", { type: "submit" }, "Apply"), this.#chips, this.#clear));
    this.sync();
  }

  reset() {
    for (const name of this.#controls.keys()) this.#empty(name);
    this.#read();
  }

  /** Shows what the query has: its order may have been changed by a header. */
  sync() {
    const sort = this.#controls.get("sort")?.control;
    if (sort) sort.text = this.#query.sort;
    this.#applied = JSON.stringify(this.#values());
    this.#showChips();
  }

  /**
   * Shows messages next to the fields they are about; returns those about no field here.
   *
   * @param {import("./errors.js").FieldErrors} errors
   */
  setErrors(errors) {
    for (const [name, { control }] of this.#controls) control.setErrors(errors.get(name) ?? []);
    return [...errors].filter(([name]) => !this.#controls.has(name)).map(([name, texts]) => `${name}: ${texts.join(" ")}`);
  }

  /** @param {Field} field */
  #control(field) {
    const control = new Control(field, { text: this.#initial(field.name), emptyChoice: "any" });
    this.#controls.set(field.name, { field, control });
    return control.element;
  }

  /** @param {string} name */
  #initial(name) {
    if (name === "then_by") return this.#query.thenBy ?? "";
    if (name === "sort") return this.#query.sort;
    const value = this.#query.filters[/** @type {keyof Filters} */ (name)];
    return Array.isArray(value) ? value.join(" ") : String(value ?? "");
  }

  /** @param {string} name */
  #empty(name) {
    const control = this.#controls.get(name)?.control;
    if (control) control.text = name === "sort" ? DEFAULT_SORT : "";
  }

  #showChips() {
    const set = [...this.#controls]
      .map(([name, { field, control }]) => ({ name, field, text: control.text.trim() }))
      .filter(({ name, text }) => text !== (name === "sort" ? DEFAULT_SORT : ""));
    this.#chips.replaceChildren(...set.map((chip) => h("li", {}, this.#chip(chip))));
    this.#clear.hidden = set.length === 0;
  }

  /** @param {{ name: string, field: Field, text: string }} filter */
  #chip({ name, field: { label, kind, texts }, text }) {
    const value = texts?.[text] ?? (kind === "boolean" ? (text === "true" ? "yes" : "no") : text);
    const onclick = () => {
      this.#empty(name);
      this.#read();
      this.#controls.get(name)?.control.focus();
    };
    return h("button", { type: "button", class: "filter-chip", "aria-label": `Remove filter ${label}: ${value}`, onclick },
      h("span", { class: "filter-text" }, `${label}: ${value}`),
      h("span", { class: "filter-x", "aria-hidden": "true" }, "×"));
  }

  /** @param {string} name */
  #soon(name) {
    clearTimeout(this.#pause);
    if (!WHOLE_ONLY.includes(name)) this.#pause = setTimeout(() => this.#read(), PAUSE_MS);
  }

  #read() {
    clearTimeout(this.#pause);
    const values = this.#values();
    // Leaving a field after its pause has passed changes nothing any more.
    if (JSON.stringify(values) === this.#applied) return;
    this.#applied = JSON.stringify(values);
    const { then_by: thenBy, sort, ...filters } = values;
    this.#query.filters = filters;
    this.#query.sort = sort ?? DEFAULT_SORT;
    this.#query.thenBy = thenBy;
    this.#query.restart();
    this.#showChips();
    this.#apply();
  }

  /** @returns {Filters & { sort?: SortBy, then_by?: SortBy }} */
  #values() {
    const typed = [...this.#controls]
      .map(([name, { control }]) => /** @type {const} */ ([name, control.text.trim()]))
      .filter(([, text]) => text !== "");
    return Object.fromEntries(typed.map(([name, text]) => [name, valueOf(name, text)]));
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function valueOf(name, text) {
  if (name === "has_accounts") return text === "true";
  if (name === "id") return text.split(/[\s,]+/).filter(Boolean);
  return text;
}
