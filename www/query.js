// What the list shows: filters and order, and the customers that were loaded so far. The API gives a
// token for the next page only.
import { STATUSES } from "./fields.js";

/** @import { CustomerInBody, ListCustomersParams, SortBy } from "/pkg/entries/default.js" */
/** @typedef {Omit<ListCustomersParams, "sort_by" | "limit">} Filters as they are typed */

export const PAGE_SIZES = [10, 25, 50, 100];
export const SORT_FIELDS = ["creation_time", "last_updated_time", "last_name", "first_name"];

/** Newest first, so that what was just created is in sight. @type {SortBy} */
export const DEFAULT_SORT = "creation_time:desc";

/** Filters that the API matches with the whole value, in which `*` stands for anything. */
const TEXTS = ["first_name", "last_name", "email", "phone_number"];

export class Query {
  /** @type {Filters} */
  filters = {};
  /** @type {SortBy} */
  sort = DEFAULT_SORT;
  /** @type {SortBy | undefined} */
  thenBy = undefined;
  limit = 25;
  /** What was loaded, in the order of the list. @type {CustomerInBody[]} */
  customers = [];
  /** Whether `customers` is what filters and order give. */
  isLoaded = false;
  /** @type {string | undefined} */
  #next = undefined;

  get hasNext() {
    return this.#next !== undefined;
  }

  /** The parameters of the next read: the first page, or the one after those that were loaded. @returns {ListCustomersParams} */
  params() {
    const filters = Object.entries(this.filters).map(([name, value]) => [name, patternOf(name, value)]);
    const token = this.isLoaded ? this.#next : this.filters.page_token;
    return {
      ...Object.fromEntries(filters),
      sort_by: this.thenBy ? [this.sort, this.thenBy] : [this.sort],
      limit: this.limit,
      ...(token && { page_token: token }),
    };
  }

  /** Forgets what was loaded: after a change of filters or order it is another list. */
  restart() {
    this.customers = [];
    this.isLoaded = false;
    this.#next = undefined;
  }

  /** Without filters, the newest first. */
  showNewest() {
    this.filters = {};
    this.sort = DEFAULT_SORT;
    this.thenBy = undefined;
    this.restart();
  }

  /**
   * Adds a page, and returns what is new in it: a customer that has moved meanwhile may come again.
   *
   * @param {{ customers: CustomerInBody[], next_page_token?: string | undefined }} page
   */
  add({ customers, next_page_token }) {
    const known = new Set(this.customers.map(({ id }) => id));
    const added = customers.filter(({ id }) => !known.has(id));
    // A token that leads back to where one is would go on for ever.
    this.#next = next_page_token === this.params().page_token ? undefined : next_page_token;
    this.customers.push(...added);
    this.isLoaded = true;
    return added;
  }

  /**
   * Takes the newer state of a customer that was loaded.
   *
   * @param {CustomerInBody} customer
   */
  keep(customer) {
    const at = this.customers.findIndex(({ id }) => id === customer.id);
    if (at >= 0) this.customers[at] = customer;
  }

  /** @param {string} field a field the API sorts by */
  sortBy(field) {
    const descending = this.sort === `${field}:asc`;
    this.sort = /** @type {SortBy} */ (`${field}:${descending ? "desc" : "asc"}`);
    this.restart();
  }

  /**
   * The order of a column, as `aria-sort` says it.
   *
   * @param {string} field
   */
  orderOf(field) {
    if (this.sort === `${field}:asc`) return "ascending";
    return this.sort === `${field}:desc` ? "descending" : "none";
  }

  /** What an address may say of the list: nothing that is typed. @returns {Record<string, string>} */
  get address() {
    const { status } = this.filters;
    return { ...(status && { status }), ...(this.sort !== DEFAULT_SORT && { sort: this.sort }) };
  }

  /**
   * Takes over what an address says of the list, if it says anything.
   *
   * @param {Record<string, string>} address
   */
  follow(address) {
    if (Object.keys(address).length === 0) return;
    const { status, ...filters } = this.filters;
    const wanted = STATUSES.find((name) => name === address["status"]);
    const [field = "", direction] = (address["sort"] ?? DEFAULT_SORT).split(":");
    const isSort = SORT_FIELDS.includes(field) && (direction === "asc" || direction === "desc");
    const sort = /** @type {SortBy} */ (isSort ? `${field}:${direction}` : DEFAULT_SORT);
    if (wanted === status && sort === this.sort) return;
    this.filters = /** @type {Filters} */ ({ ...filters, ...(wanted && { status: wanted }) });
    this.sort = sort;
    this.restart();
  }
}

/**
 * A typed text as the API matches it: what begins with the text, unless it says otherwise by `*` or quotes.
 *
 * @param {string} name
 * @param {unknown} value
 */
function patternOf(name, value) {
  if (!TEXTS.includes(name) || typeof value !== "string") return value;
  const text = name === "phone_number" ? value.replace(/[\s().-]/g, "") : value;
  const [, exact] = text.match(/^"(.+)"$/) ?? [];
  return exact ?? (text.includes("*") ? text : `${text}*`);
}
