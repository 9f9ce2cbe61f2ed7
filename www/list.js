// The list of customers: filters, a table sorted by its headers, and more rows while the person scrolls.
import { isSyncteraError } from "./api.js";
import { h, setAttribute } from "./dom.js";
import { fieldErrors } from "./errors.js";
import { exportButtons } from "./export.js";
import { FilterForm } from "./filters.js";
import { masked, nameOf, sortedName } from "./format.js";
import { StatusPlot } from "./status-plot.js";
import { PAGE_SIZES } from "./query.js";
import { hashOf } from "./route.js";
import { badge, copyButton, instant } from "./values.js";

/** @import { CustomerInBody } from "/pkg/entries/default.js" */
/** @import { Context } from "./main.js" */

/**
 * @typedef {object} Column
 * @property {string} key its class
 * @property {string} label
 * @property {string} [sortField] as `sort_by` calls it
 * @property {(customer: CustomerInBody) => import("./dom.js").Child | import("./dom.js").Child[]} cell
 */

/** @type {Column[]} */
const COLUMNS = [
  { key: "name", label: "Last name, first name", sortField: "last_name", cell: nameCell },
  { key: "status", label: "Status", cell: ({ status }) => badge(status) },
  { key: "ban", label: "Ban", cell: ({ ban_status }) => (ban_status ? badge(ban_status) : "–") },
  { key: "kyc", label: "KYC", cell: ({ kyc_status }) => (kyc_status ? badge(kyc_status) : "–") },
  { key: "contact", label: "E-mail and phone", cell: ({ email, phone_number }) => [text(email), text(phone_number)] },
  { key: "accounts", label: "Accounts", cell: ({ has_accounts }) => (has_accounts === undefined ? "–" : has_accounts ? "yes" : "no") },
  { key: "created", label: "Created", sortField: "creation_time", cell: ({ creation_time }) => time(creation_time) },
  { key: "updated", label: "Updated", sortField: "last_updated_time", cell: ({ last_updated_time }) => time(last_updated_time) },
];

/** How near the end of the rows may come before more are read. */
const AHEAD = "200px";
/** How high a row is about, until it is laid out. */
const ROW_REM = 3.5;
/** How many rows a browser lays out, or leaves out, as one. */
const CHUNK = 100;

/** @param {Context} context */
export function listView(context) {
  const view = new ListView(context);
  view.start();
  return { title: "Customers", element: view.element };
}

class ListView {
  #context;
  #filters;
  #plot = new StatusPlot();
  #summary = h("p", { class: "summary", role: "status" });
  #more = h("button", { type: "button", onclick: () => this.#loadMore() }, "Load more");
  #headers = COLUMNS.map((column) => this.#header(column));
  // The roles are spelled out because some browsers drop them from tables that CSS lays out differently.
  #table = h("table", { class: "customers", role: "table", "aria-labelledby": "list-title" },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...this.#headers)));
  /** The read under way, which a newer one ends. @type {AbortController | undefined} */
  #running;
  /** After a failure, only the person reads on. */
  #hasFailed = false;
  #nearEnd = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting) && !this.#hasFailed) this.#loadMore();
    },
    { rootMargin: AHEAD },
  );

  /** @param {Context} context */
  constructor(context) {
    const { query, signal } = context;
    this.#context = context;
    this.#filters = new FilterForm(query, () => this.#reload());
    this.#table.addEventListener("click", (event) => this.#open(event));
    this.#table.addEventListener("keydown", (event) => this.#move(event));
    this.element = h("div", { class: "list" },
      h("div", { class: "section-head" },
        h("h1", { id: "list-title", tabindex: "-1" }, "Customers"),
        h("div", { class: "actions" },
          h("button", { type: "button", onclick: () => this.#reload() }, "Reload"),
          h("a", { class: "button", href: hashOf({ view: "import" }) }, "Import"),
          h("a", { class: "button primary", href: hashOf({ view: "create" }) }, "New customer"))),
      h("div", { class: "list-top" }, this.#filters.element, this.#plot.element),
      h("div", { class: "card table-card" },
        this.#table,
        h("div", { class: "pager" }, this.#summary, this.#more, this.#pageSize(), exportButtons(context))));
    this.#nearEnd.observe(this.#more);
    signal.addEventListener("abort", () => {
      this.#running?.abort();
      this.#nearEnd.disconnect();
    });
  }

  start() {
    const { query } = this.#context;
    this.#context.setAddress(hashOf({ view: "list", address: query.address }));
    if (!query.isLoaded) {
      this.#load();
      return;
    }
    this.#setBusy(false);
    this.#show(query.customers);
    // After the view is in the page.
    queueMicrotask(() => this.#focusNamed());
  }

  #reload() {
    const { query, setAddress } = this.#context;
    query.restart();
    setAddress(hashOf({ view: "list", address: query.address }));
    this.#filters.sync();
    this.#load();
  }

  /** Reads the first page, or the next one. */
  async #load() {
    const { query, session, alert } = this.#context;
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#hasFailed = false;
    this.#setBusy(true);
    alert.clear();
    try {
      const page = await session.list(query.params(), { signal: running.signal });
      const isFirst = !query.isLoaded;
      const added = query.add(page);
      this.#filters.setErrors(new Map());
      if (isFirst) this.#clear();
      this.#show(added);
      if (isFirst) this.#focusNamed();
      this.#lookAgain();
    } catch (error) {
      // The read that ended this one has taken over.
      if (running.signal.aborted) return;
      this.#fail(error);
    }
    this.#running = undefined;
    this.#setBusy(false);
  }

  /** Reports the end again, if it is still near: the observer reports changes only. */
  #lookAgain() {
    this.#nearEnd.unobserve(this.#more);
    this.#nearEnd.observe(this.#more);
  }

  #loadMore() {
    if (this.#running || !this.#context.query.hasNext) return;
    this.#load();
  }

  /** @param {CustomerInBody[]} added */
  #show(added) {
    const { query } = this.#context;
    for (let at = 0; at < added.length; at += CHUNK) this.#append(added.slice(at, at + CHUNK).map(row));
    if (query.customers.length === 0) this.#replace([messageRow("No customer fits these filters.")]);
    const count = query.customers.length === 1 ? "1 customer" : `${query.customers.length} customers`;
    this.#summary.textContent = query.hasNext ? `${count} loaded, more follow` : `${count}, that is all`;
    this.#plot.show(query.customers);
  }

  /** @param {unknown} error */
  #fail(error) {
    const { query, alert, disconnect } = this.#context;
    this.#hasFailed = true;
    const others = this.#filters.setErrors(fieldErrors(error));
    const isUnsent = isSyncteraError(error, "ValidationError");
    // Rows of the list before would look like what was asked for.
    if (!query.isLoaded) {
      this.#replace([messageRow(isUnsent ? "Correct the filters to see customers." : "The customers could not be read.")]);
      this.#plot.show([]);
    }
    this.#summary.textContent = isUnsent ? "Not sent" : "Failed";
    alert.show(error, { onRetry: () => this.#load(), onConnect: disconnect }, others);
  }

  /** @param {HTMLElement[]} rows */
  #append(rows) {
    const body = h("tbody", { role: "rowgroup" }, ...rows);
    body.style.containIntrinsicBlockSize = `auto ${rows.length * ROW_REM}rem`;
    this.#table.append(body);
  }

  #clear() {
    for (const body of [...this.#table.tBodies]) body.remove();
  }

  /** @param {HTMLElement[]} rows */
  #replace(rows) {
    this.#clear();
    this.#append(rows);
  }

  /** The row one came from, or the one just made, gets the focus. */
  #focusNamed() {
    const id = this.#context.takeFocusId();
    const named = id && this.#rows().find((row) => row.dataset["id"] === id);
    if (!named) return;
    named.classList.add("fresh");
    named.querySelector("a")?.focus();
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    const { query } = this.#context;
    const hasRows = this.#table.querySelector("tr[data-id]") !== null;
    setAttribute(this.#table, "aria-busy", busy ? "true" : "false");
    this.#table.classList.toggle("stale", busy && !query.isLoaded && hasRows);
    if (busy) this.#summary.textContent = "Loading…";
    if (busy && !hasRows) this.#replace(Array.from({ length: query.limit }, skeletonRow));
    // Not by `disabled`: a button that has the focus would lose it.
    setAttribute(this.#more, "aria-disabled", busy ? "true" : null);
    this.#more.classList.toggle("invisible", !query.hasNext);
    COLUMNS.forEach(({ sortField }, index) => {
      const header = this.#headers[index];
      if (sortField && header) header.setAttribute("aria-sort", query.orderOf(sortField));
    });
  }

  /** @returns {HTMLElement[]} */
  #rows() {
    return [...this.#table.querySelectorAll(/** @type {"tr"} */ ("tr[data-id]"))];
  }

  /**
   * Opens the customer whose row is clicked anywhere. A text in it can still be selected.
   *
   * @param {MouseEvent} event
   */
  #open({ target }) {
    if (!(target instanceof Element) || target.closest("a, button") || !getSelection()?.isCollapsed) return;
    const id = /** @type {HTMLElement | null} */ (target.closest("tr[data-id]"))?.dataset["id"];
    if (id) this.#context.go({ view: "detail", id });
  }

  /**
   * Moves between the links of the rows, which Enter follows.
   *
   * @param {KeyboardEvent} event
   */
  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = this.#rows();
    const at = rows.findIndex((row) => row.contains(/** @type {Node} */ (event.target)));
    const next = rows[at < 0 ? 0 : at + step];
    if (!next) return;
    event.preventDefault();
    next.querySelector("a")?.focus();
  }

  /** @param {Column} column */
  #header({ key, label, sortField }) {
    if (!sortField) return h("th", { scope: "col", role: "columnheader", class: key }, label);
    const onclick = () => {
      this.#context.query.sortBy(sortField);
      this.#reload();
    };
    return h("th", { scope: "col", role: "columnheader", class: `${key} sortable`, "aria-sort": "none" },
      h("button", { type: "button", onclick }, label, h("span", { class: "arrow", "aria-hidden": "true" })));
  }

  #pageSize() {
    const { query } = this.#context;
    const onchange = () => {
      query.limit = Number(select.value);
      this.#reload();
    };
    const select = h("select", { id: "page-size", onchange }, ...PAGE_SIZES.map((size) => h("option", { value: size }, size)));
    select.value = String(query.limit);
    return h("div", { class: "inline-field" }, h("label", { for: "page-size" }, "Rows at a time"), select);
  }
}

/** @param {CustomerInBody} customer */
function row(customer) {
  const cells = COLUMNS.map(({ key, label, cell }, index) =>
    index === 0
      ? h("th", { role: "rowheader", scope: "row", class: key }, cell(customer))
      : h("td", { role: "cell", class: key, "data-label": label }, cell(customer)));
  return h("tr", { role: "row", "data-id": customer.id }, ...cells);
}

/** @param {CustomerInBody} customer */
function nameCell(customer) {
  const { id } = customer;
  return [
    h("a", { href: hashOf({ view: "detail", id }), title: nameOf(customer) }, sortedName(customer)),
    h("span", { class: "row-id" }, h("code", { title: id }, id), copyButton(`Copy the id of ${nameOf(customer)}`, id)),
  ];
}

/** @param {string | undefined} value */
function text(value) {
  return h("span", { class: "line", title: value ? masked(value) : null }, value ? masked(value) : "–");
}

/** @param {string | undefined} value */
function time(value) {
  return value ? instant(value) : "–";
}

/** @param {string} message */
function messageRow(message) {
  return h("tr", { role: "row", class: "empty" }, h("td", { role: "cell", colspan: COLUMNS.length }, message));
}

function skeletonRow() {
  return h("tr", { class: "skeleton", "aria-hidden": "true" },
    ...COLUMNS.map(({ key }) => h("td", { class: key }, h("span", { class: "bone" }))));
}
