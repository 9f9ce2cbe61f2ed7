// The list of customers: filters, a table sorted by its headers, pages.
import { isSyncteraError } from "./api.js";
import { h, setAttribute } from "./dom.js";
import { fieldErrors } from "./errors.js";
import { FilterForm } from "./filters.js";
import { masked, nameOf, toTheMinute } from "./format.js";
import { PAGE_SIZES } from "./query.js";
import { hashOf } from "./route.js";

/** @import { CustomerInBody } from "/pkg/entries/default.js" */
/** @import { Context } from "./main.js" */

/**
 * @typedef {object} Column
 * @property {string} label
 * @property {string} [sortField] as `sort_by` calls it
 * @property {(customer: CustomerInBody) => import("./dom.js").Child} cell
 */

/** @type {Column[]} */
const COLUMNS = [
  { label: "Last name", sortField: "last_name", cell: link },
  { label: "First name", sortField: "first_name", cell: ({ first_name }) => text(first_name) },
  { label: "Status", cell: ({ status }) => badge(status) },
  { label: "KYC", cell: ({ kyc_status }) => (kyc_status ? badge(kyc_status) : "–") },
  { label: "E-mail", cell: ({ email }) => text(email) },
  { label: "Phone", cell: ({ phone_number }) => text(phone_number) },
  { label: "Accounts", cell: ({ has_accounts }) => (has_accounts === undefined ? "–" : has_accounts ? "yes" : "no") },
  { label: "Created", sortField: "creation_time", cell: ({ creation_time }) => instant(creation_time) },
  { label: "Updated", sortField: "last_updated_time", cell: ({ last_updated_time }) => instant(last_updated_time) },
];

/** @param {Context} context */
export function listView(context) {
  const view = new ListView(context);
  view.load();
  return { title: "Customers", element: view.element };
}

class ListView {
  #context;
  #filters;
  // The roles are spelled out because some browsers drop them from tables that CSS lays out as cards.
  #body = h("tbody", { role: "rowgroup" });
  #summary = h("p", { class: "summary", role: "status" });
  #previous = h("button", { type: "button", onclick: () => this.#turn("previous") }, "Previous");
  #next = h("button", { type: "button", onclick: () => this.#turn("next") }, "Next");
  #headers = COLUMNS.map((column) => this.#header(column));
  #table = h("table", { class: "customers", role: "table", "aria-labelledby": "list-title" },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...this.#headers)),
    this.#body);
  /** The read under way, which a newer one ends. @type {AbortController | undefined} */
  #running;

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
    this.#filters = new FilterForm(context.query, () => this.load());
    this.element = h("div", { class: "list" },
      h("div", { class: "section-head" },
        h("h1", { id: "list-title", tabindex: "-1" }, "Customers"),
        h("a", { class: "button primary", href: hashOf({ view: "create" }) }, "New customer")),
      this.#filters.element,
      h("div", { class: "card table-card" },
        this.#table,
        h("div", { class: "pager" }, this.#summary, this.#pageSize(), h("div", { class: "turns" }, this.#previous, this.#next))));
    this.#body.replaceChildren(...Array.from({ length: context.query.limit }, skeletonRow));
    context.signal.addEventListener("abort", () => this.#running?.abort());
  }

  async load() {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#setBusy(true);
    this.#context.alert.clear();
    try {
      const { customers, next_page_token } = await this.#context.session.list(this.#context.query.params(), {
        signal: running.signal,
      });
      this.#context.query.arrived(next_page_token);
      this.#filters.setErrors(new Map());
      this.#show(customers);
    } catch (error) {
      // Whoever ended it has taken over.
      if (running.signal.aborted) return;
      this.#fail(error);
    }
    this.#setBusy(false);
  }

  /** @param {CustomerInBody[]} customers */
  #show(customers) {
    const { query } = this.#context;
    const rows = customers.length > 0 ? customers.map(row) : [emptyRow(query.page)];
    this.#body.replaceChildren(...rows);
    const count = customers.length === 1 ? "1 customer" : `${customers.length} customers`;
    this.#summary.textContent = `Page ${query.page}: ${count}${query.hasNext ? ", more follow" : ", the last page"}`;
    this.#focusNamed();
  }

  /** @param {unknown} error */
  #fail(error) {
    const others = this.#filters.setErrors(fieldErrors(error));
    if (this.#body.querySelector(".skeleton")) this.#body.replaceChildren(messageRow("Nothing to show."));
    this.#summary.textContent = isSyncteraError(error, "ValidationError") ? "Not sent" : "Failed";
    this.#context.alert.show(error, { onRetry: () => this.load(), onConnect: this.#context.disconnect }, others);
  }

  /** The row one came from, or the one just made, gets the focus. */
  #focusNamed() {
    const id = this.#context.takeFocusId();
    const named = id && [...this.#body.rows].find((row) => row.dataset["id"] === id);
    if (!named) return;
    named.classList.add("fresh");
    named.querySelector("a")?.focus();
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    const { query } = this.#context;
    setAttribute(this.#table, "aria-busy", busy ? "true" : "false");
    if (busy) this.#summary.textContent = "Loading…";
    this.#setDisabled(this.#previous, busy || !query.hasPrevious);
    this.#setDisabled(this.#next, busy || !query.hasNext);
    COLUMNS.forEach(({ sortField }, index) => {
      const header = this.#headers[index];
      if (sortField && header) header.setAttribute("aria-sort", query.orderOf(sortField));
    });
  }

  /**
   * Not by `disabled`: a button that has the focus would lose it on every page.
   *
   * @param {HTMLButtonElement} button
   * @param {boolean} disabled
   */
  #setDisabled(button, disabled) {
    setAttribute(button, "aria-disabled", disabled ? "true" : null);
  }

  /** @param {"next" | "previous"} way */
  #turn(way) {
    const button = way === "next" ? this.#next : this.#previous;
    if (button.getAttribute("aria-disabled")) return;
    this.#context.query[way]();
    this.load();
  }

  /** @param {Column} column */
  #header({ label, sortField }) {
    if (!sortField) return h("th", { scope: "col", role: "columnheader" }, label);
    const onclick = () => {
      this.#context.query.sortBy(sortField);
      this.load();
    };
    return h("th", { scope: "col", role: "columnheader", class: "sortable", "aria-sort": "none" },
      h("button", { type: "button", onclick }, label, h("span", { class: "arrow", "aria-hidden": "true" })));
  }

  #pageSize() {
    const { query } = this.#context;
    const onchange = () => {
      query.limit = Number(select.value);
      query.restart();
      this.load();
    };
    const select = h("select", { id: "page-size", onchange }, ...PAGE_SIZES.map((size) => h("option", { value: size }, size)));
    select.value = String(query.limit);
    return h("div", { class: "inline-field" }, h("label", { for: "page-size" }, "Rows per page"), select);
  }
}

/** @param {CustomerInBody} customer */
function row(customer) {
  const cells = COLUMNS.map(({ label, cell }, index) =>
    index === 0
      ? h("th", { role: "rowheader", scope: "row" }, cell(customer))
      : h("td", { role: "cell", "data-label": label }, cell(customer)));
  return h("tr", { role: "row", "data-id": customer.id }, ...cells);
}

/** @param {CustomerInBody} customer */
function link(customer) {
  const href = hashOf({ view: "detail", id: customer.id });
  const shown = customer.last_name ? masked(customer.last_name) : "(no last name)";
  return h("a", { href, "aria-label": `${shown}: ${nameOf(customer)}` }, shown);
}

/** @param {string | undefined} value */
function text(value) {
  return value ? h("span", { title: masked(value) }, masked(value)) : "–";
}

/** @param {string | undefined} value */
function instant(value) {
  return value ? h("time", { datetime: value, title: value }, toTheMinute(value)) : "–";
}

/** @param {string} value */
export function badge(value) {
  return h("span", { class: `badge is-${value.toLowerCase().replace(/\W+/g, "-")}` }, value);
}

/** @param {number} page */
function emptyRow(page) {
  return messageRow(page > 1 ? "This page is empty." : "No customer fits these filters.");
}

/** @param {string} message */
function messageRow(message) {
  return h("tr", { role: "row", class: "empty" }, h("td", { role: "cell", colspan: COLUMNS.length }, message));
}

function skeletonRow() {
  return h("tr", { class: "skeleton", "aria-hidden": "true" },
    ...COLUMNS.map(() => h("td", {}, h("span", { class: "bone" }))));
}
