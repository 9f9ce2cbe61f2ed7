// The one place for errors that belong to no field, and the one for what went well.
import { isSyncteraError } from "./api.js";
import { h, nodes } from "./dom.js";
import { advise } from "./errors.js";
import { maskedQuote } from "./format.js";

/** @import { Advice } from "./errors.js" */

/**
 * What the person can do from the alert. A handler that is not given has no button.
 *
 * @typedef {object} Handlers
 * @property {(idempotencyKey: string) => void} [onRepeat]
 * @property {() => void} [onFind] looks for what a write of unknown outcome may have done
 * @property {() => void} [onRetry]
 * @property {() => void} [onConnect]
 * @property {() => void} [onList]
 */

export class AlertRegion {
  #region;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #countdown;
  /** The server's address, to say what is wrong with it. */
  baseUrl = "";

  /** @param {HTMLElement} region */
  constructor(region) {
    this.#region = region;
  }

  clear() {
    clearInterval(this.#countdown);
    this.#region.replaceChildren();
  }

  /**
   * @param {unknown} error
   * @param {Handlers} handlers
   * @param {string[]} [others] messages about fields that the form does not have
   */
  show(error, handlers, others = []) {
    this.clear();
    const { title, text, next } = adviseOnAddress(error, this.baseUrl) ?? adviseOnCancelled(error) ?? advise(error);
    const action = this.#action(error, next, handlers);
    const isUnknown = isSyncteraError(error) && error.outcome === "unknown";
    this.#region.append(
      h("div", { class: "alert", tabindex: "-1" },
        h("div", { class: "alert-text" },
          h("h2", {}, title),
          h("p", {}, text),
          waitText(error),
          others.length > 0 && h("ul", {}, ...others.map((other) => h("li", {}, other))),
          explanation(error)),
        h("div", { class: "actions" },
          action,
          isUnknown && handlers.onFind && h("button", { type: "button", onclick: handlers.onFind }, "Look for it"),
          h("button", { type: "button", class: "quiet", onclick: () => this.clear() }, "Dismiss"))),
    );
  }

  /** Goes to what can be done about it, or else to the text. */
  focus() {
    const target = this.#region.querySelector("button.primary:enabled") ?? this.#region.firstElementChild;
    if (target instanceof HTMLElement) target.focus();
  }

  /**
   * @param {unknown} error
   * @param {import("./errors.js").Next} next
   * @param {Handlers} handlers
   */
  #action(error, next, { onRepeat, onRetry, onConnect, onList }) {
    const key = isSyncteraError(error) ? error.idempotencyKey : undefined;
    /** @type {Record<string, [string, (() => void) | undefined]>} */
    const actions = {
      repeat: ["Repeat with the same key", onRepeat && key !== undefined ? () => onRepeat(key) : undefined],
      retry: ["Try again", onRetry],
      connect: ["Connect anew", onConnect],
      list: ["Back to the list", onList],
    };
    const [label, run] = actions[next] ?? [];
    if (!label || !run) return null;
    const onclick = () => {
      this.clear();
      run();
    };
    const button = h("button", { type: "button", class: "primary", onclick }, label);
    const wait = isSyncteraError(error) ? (error.retryAfterMs ?? 0) : 0;
    if (wait > 0) this.#holdBack(button, label, wait);
    return button;
  }

  /**
   * Keeps a button from being used before the server wants to hear again.
   *
   * @param {HTMLButtonElement} button
   * @param {string} label
   * @param {number} ms
   */
  #holdBack(button, label, ms) {
    const until = performance.now() + ms;
    const update = () => {
      const left = Math.ceil((until - performance.now()) / 1000);
      button.disabled = left > 0;
      button.textContent = left > 0 ? `${label} in ${left} s` : label;
      if (left <= 0) clearInterval(this.#countdown);
    };
    this.#countdown = setInterval(update, 250);
    update();
  }
}

/**
 * A list and a creation name no customer, so their 404 is about the address.
 *
 * @param {unknown} error
 * @param {string} baseUrl
 * @returns {Advice | undefined}
 */
function adviseOnAddress(error, baseUrl) {
  if (!isSyncteraError(error, "ApiError") || error.status !== 404) return undefined;
  if (error.operation !== "listCustomers" && error.operation !== "createCustomer") return undefined;
  const hasVersion = /\/v\d+\/?$/.test(baseUrl);
  const text = hasVersion
    ? `The server at ${baseUrl} has no customers there. Connect with another base URL.`
    : `The base URL ${baseUrl} has no version at its end. Connect with ${baseUrl.replace(/\/$/, "")}/v0.`;
  return { title: "The base URL leads to no customers", text, next: "connect" };
}

/**
 * A write that was cancelled after it had been sent.
 *
 * @param {unknown} error
 * @returns {Advice | undefined}
 */
function adviseOnCancelled(error) {
  if (!isSyncteraError(error, "AbortError") || error.outcome !== "unknown") return undefined;
  return { ...advise(error), title: "Cancelled, but it may be done" };
}

/** @param {unknown} error */
function waitText(error) {
  if (!isSyncteraError(error) || error.retryAfterMs === undefined) return null;
  return h("p", {}, `The server asks to wait ${Math.ceil(error.retryAfterMs / 1000)} s.`);
}

/**
 * The error in its own words, for a closer look.
 *
 * @param {unknown} error
 */
function explanation(error) {
  if (!isSyncteraError(error)) return null;
  const { detail, code } = isSyncteraError(error, "ApiError") ? error : { detail: undefined, code: undefined };
  const facts = [
    ["Error", error.name],
    ["Code", code],
    ["Message", maskedQuote(error.message)],
    ["Detail", detail && maskedQuote(detail)],
    ["Outcome", error.outcome],
    ["Attempts", error.attempts],
    ["Idempotency key", error.idempotencyKey],
    ["Request id", error.requestId],
  ].filter(([, value]) => value !== undefined);
  return h("details", {},
    h("summary", {}, "Details"),
    h("dl", { class: "facts" }, ...facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
}

/** Short good news, read out politely. */
export class Notice {
  #region;

  /** @param {HTMLElement} region */
  constructor(region) {
    this.#region = region;
  }

  clear() {
    this.#region.replaceChildren();
  }

  /** @param {...import("./dom.js").Child} children */
  show(...children) {
    this.#region.replaceChildren(h("p", { class: "notice" }, ...nodes(children)));
  }
}
