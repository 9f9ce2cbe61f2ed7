// The async iterator over the customers of all pages.
//
// In JavaScript, because only the host has async iterators, and because neither page tokens nor
// customers may enter WebAssembly's memory. How many customers to ask for, how many of a page to give
// out and what follows is decided in Rust (src/policy/paging.rs).

import { errorOf, Failure, invalid } from "./errors.js";
import { describe, names, own } from "./shape.js";

/** @typedef {{ params: any, options: any }} Plan */

/**
 * What an iteration is made of, as Rust has read it.
 * @param {any} params
 * @param {any} options
 * @returns {Plan}
 */
export function planOf(params, options) {
  return { params, options };
}

/**
 * @param {Plan} plan
 * @param {(params: any, options: any) => Promise<any>} list calls `listCustomersWithHttpInfo`; may throw
 * @param {(call: Promise<any>) => void} abort ends such a call
 * @param {(pageSize: number, maxItems: number) => number} pageLimit Rust's
 * @param {(length: number, given: number, remaining: number, token: number) => number} turnPage Rust's
 */
export function iterate({ params, options }, list, abort, pageLimit, turnPage) {
  // The numbers of `Token` in src/policy/paging.rs.
  const ABSENT = 0;
  const NEW = 1;
  const REPEATED = 2;
  // The numbers of `Next` there.
  const REQUEST = 0;
  const STOP_AFTER_PAGE = 1;
  const END = 3;
  const FAIL = 4;
  for (const name of ["limit", "page_token"]) {
    const value = own(params, name);
    const expected = "nothing: see the options pageSize, maxItems and cursor";
    if (value !== undefined) throw invalid("iterateCustomers", `params.${name}`, describe(value), expected);
  }
  const { pageSize, maxItems = Infinity, cursor = "", prefetch, ...callOptions } = options ?? {};
  // Rust has checked its form.
  const [size, start, ...rest] = cursor.split("-");
  const limit = pageLimit(Number(size || pageSize || 0), maxItems);
  /** The token of the present page; empty for the first one. */
  let token = rest.join("-");
  /** How many customers of the present page were given out. */
  let given = Number(start ?? 0);
  /** How far the present page is given out; 0 before it has arrived. */
  let end = 0;
  /** The present page, once it has arrived. @type {unknown[]} */
  let page = [];
  /** What follows after the present page. */
  let next = REQUEST;
  /** The token of the page after it. @type {any} */
  let nextToken;
  let remaining = maxItems;
  const seen = new Set([token]);
  /** The call in flight: for the present page, or ahead for the next one. @type {Promise<any> | undefined} */
  let call;
  /** Why there is no next page. @type {Failure | undefined} */
  let failure;
  let attempts = 0;
  /** How many calls of `next` wait, and when the last of them has its turn. */
  let waiting = 0;
  /** @type {Promise<unknown>} */
  let lastTurn = Promise.resolve();
  let isOver = false;

  /** Holds nothing any more but the cursor. */
  const close = () => {
    isOver = true;
    page = [];
    seen.clear();
  };

  /** Starts the call for the page of `nextToken`. */
  const request = () => {
    try {
      call = list({ ...params, limit, ...(nextToken !== "" && { page_token: nextToken }) }, callOptions);
    } catch (reason) {
      call = Promise.reject(reason);
    }
    // One that is made ahead may fail before its customers are wanted.
    call.catch(() => {});
  };

  /** Goes on to what follows, once the present page is given out. */
  const moveOn = () => {
    if (isOver || given < end) return;
    if (next === REQUEST || next === STOP_AFTER_PAGE) {
      token = nextToken;
      given = end = 0;
    }
    if (next !== REQUEST && next !== FAIL) close();
  };

  const load = async () => {
    if (failure) throw failure;
    if (!call) {
      nextToken = token;
      request();
    }
    const info = await call;
    call = undefined;
    if (isOver) return;
    attempts += info.attempts;
    page = info.data.customers;
    nextToken = own(info.data, "next_page_token") ?? "";
    const kind = nextToken === "" ? ABSENT : seen.has(nextToken) ? REPEATED : NEW;
    seen.add(nextToken);
    const turned = turnPage(page.length, given, remaining, kind);
    next = turned % 8;
    end = (turned - next) / 8;
    remaining -= end - given;
    if (next === FAIL) failure = repeatedToken(info);
    if (next === REQUEST && prefetch) request();
    moveOn();
  };

  /** What `next` gives. @param {() => any} take */
  const resultOf = (take) => {
    /** @type {{ done: boolean, value: any }} */
    const result = { done: isOver, value: isOver ? undefined : take() };
    moveOn();
    return result;
  };

  /**
   * Takes customers, once the calls before have got theirs and there are some.
   * @param {() => any} take
   */
  const inTurn = (take) => {
    waiting += 1;
    const leave = () => {
      waiting -= 1;
    };
    const turn = lastTurn.then(async () => {
      try {
        while (!isOver && given >= end) await load();
      } catch (reason) {
        call = undefined;
        // A loop that was left wants to know of no error.
        if (!isOver) throw reason;
      }
      return resultOf(take);
    });
    lastTurn = turn.then(leave, leave);
    return turn;
  };

  const takeOne = () => page[given++];
  const takeRest = () => page.slice(given, (given = end));

  const leave = () => {
    close();
    if (call) abort(call);
  };

  /** @param {() => any} take */
  const iteratorOf = (take) => ({
    async next() {
      try {
        return waiting === 0 && given < end ? resultOf(take) : await inTurn(take);
      } catch (reason) {
        throw errorOf(reason);
      }
    },

    async return() {
      leave();
      return resultOf(take);
    },

    [Symbol.asyncIterator]() {
      // A loop would quietly find nothing.
      if (isOver) throw errorOf(invalid("iterateCustomers", "this", "an iteration that is over", "a new one, from its cursor"));
      return this;
    },
  });

  return {
    ...iteratorOf(takeOne),

    get cursor() {
      return token === "" && given === 0 ? undefined : `${limit}-${given}-${token}`;
    },

    get done() {
      return next === END && given >= end;
    },

    pages: () => iteratorOf(takeRest),

    /** @param {unknown} toArrayOptions */
    async toArray(toArrayOptions) {
      const before = /** @type {const} */ ([token, given, next]);
      const max = /** @type {any} */ (own(toArrayOptions, "max"));
      try {
        if (!Number.isSafeInteger(max) || max < 1 || names(toArrayOptions, 2).length > 1) {
          throw invalid("toArray", "options.max", describe(max), "a whole number from 1 and nothing else");
        }
        /** @type {unknown[]} */
        let all = [];
        for await (const customers of iteratorOf(takeRest)) {
          all = all.concat(customers);
          if (all.length > max) {
            const expected = "a larger number, or a loop";
            throw invalid("toArray", "options.max", "fewer than there are customers", expected, attempts);
          }
        }
        return all;
      } catch (reason) {
        leave();
        // What was collected is lost, so a later iteration starts before it.
        [token, given, next] = before;
        throw errorOf(reason);
      }
    },
  };
}

/**
 * The failure for a page whose token was met before.
 * @param {any} info of the page
 */
function repeatedToken({ data, headers, ...info }) {
  const operation = "listCustomers";
  const message = `${operation}: the next_page_token leads back to an earlier page.`;
  const details = { ...info, operation, outcome: "unknown", problem: "repeated_page_token" };
  return new Failure("DecodeError", message, details, { headers, body: data });
}
