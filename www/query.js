// What the list shows: filters, order, page size and the way through the pages. The API gives a
// token for the next page only, so the tokens of the pages before are kept.

/** @import { ListCustomersParams, SortBy } from "/pkg/entries/default.js" */
/** @typedef {Omit<ListCustomersParams, "sort_by" | "limit">} Filters */

export const PAGE_SIZES = [10, 25, 50, 100];

export class Query {
  /** @type {Filters} */
  filters = {};
  /** Newest first, so that what was just created is in sight. @type {SortBy} */
  sort = "creation_time:desc";
  /** @type {SortBy | undefined} */
  thenBy = undefined;
  limit = 25;
  /** The tokens of the pages up to the present one, except the first page. @type {string[]} */
  #tokens = [];
  /** @type {string | undefined} */
  #next = undefined;

  /** The number of the page, from 1. */
  get page() {
    return this.#tokens.length + 1;
  }

  get hasPrevious() {
    return this.#tokens.length > 0;
  }

  get hasNext() {
    return this.#next !== undefined;
  }

  /** @returns {ListCustomersParams} */
  params() {
    const token = this.#tokens.at(-1) ?? this.filters.page_token;
    return {
      ...this.filters,
      sort_by: this.thenBy ? [this.sort, this.thenBy] : [this.sort],
      limit: this.limit,
      ...(token && { page_token: token }),
    };
  }

  /** After any change of filters, order or page size, old tokens are void. */
  restart() {
    this.#tokens = [];
    this.#next = undefined;
  }

  /** Without filters, the newest first. */
  showNewest() {
    this.filters = {};
    this.sort = "creation_time:desc";
    this.thenBy = undefined;
    this.restart();
  }

  /** @param {string | undefined} nextPageToken of the page that was just read */
  arrived(nextPageToken) {
    // A token that leads back to where one is would turn for ever.
    this.#next = nextPageToken === this.params().page_token ? undefined : nextPageToken;
  }

  next() {
    if (this.#next !== undefined) this.#tokens.push(this.#next);
    this.#next = undefined;
  }

  previous() {
    this.#tokens.pop();
    this.#next = undefined;
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
}
