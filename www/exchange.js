// The last calls and how they went: a log, and the panel that shows it.
import { duration } from "./format.js";
import { h, nodes } from "./dom.js";

/**
 * @typedef {object} Exchange
 * @property {Date} at when it ended
 * @property {string} method
 * @property {string} path
 * @property {string} result the status, or the error's name if there was no answer
 * @property {boolean} failed
 * @property {number} ms
 * @property {number} attempts
 * @property {string | undefined} idempotencyKey
 * @property {string | undefined} requestId
 */

const MOST = 50;

/** The newest exchanges, newest first. Fires `change`, and `fault` when a fault has been sent. */
export class ExchangeLog extends EventTarget {
  /** @type {Exchange[]} */
  entries = [];

  /** @param {Exchange} exchange */
  add(exchange) {
    this.entries = [exchange, ...this.entries].slice(0, MOST);
    this.dispatchEvent(new Event("change"));
  }

  clear() {
    this.entries = [];
    this.dispatchEvent(new Event("change"));
  }

  faultUsed() {
    this.dispatchEvent(new Event("fault"));
  }
}

/** What the sandbox can be asked to do with the next call. */
const FAULTS = [
  ["", "none"],
  ["delay=2000", "answer after 2 s"],
  ["drop=after", "do it, then lose the answer"],
  ["drop=before", "lose the request"],
  ["status=503;times=1", "answer 503 once"],
  ["status=503", "answer 503 always"],
  ["status=429;retry-after=2", "answer 429, wait 2 s"],
];

const COLUMNS = ["Time", "Method", "Path", "Result", "Took", "Attempts", "Idempotency key", "Request id"];

/**
 * Fills the panel and keeps it up to date.
 *
 * @param {HTMLElement} panel
 * @param {ExchangeLog} log
 * @param {(fault: string) => void} onFault told which fault the next call shall meet
 */
export function showExchange(panel, log, onFault) {
  const body = h("tbody");
  const fault = h("select", { id: "fault", onchange: () => onFault(fault.value) },
    ...FAULTS.map(([value, text]) => h("option", { value: value ?? "" }, text)));
  const faultChoice = h("div", { class: "inline-field", "data-fault": true },
    h("label", { for: "fault" }, "Fault in the next call"), fault);
  const clear = h("button", { type: "button", class: "quiet", onclick: () => log.clear() }, "Clear");
  const render = () => {
    body.replaceChildren(...nodes(log.entries.length > 0 ? log.entries.map(row) : [emptyRow()]));
    clear.disabled = log.entries.length === 0;
  };
  log.addEventListener("change", render);
  log.addEventListener("fault", () => {
    fault.value = "";
  });
  panel.replaceChildren(
    h("div", { class: "section-head" },
      h("h2", { id: "exchange-title" }, "Exchange"),
      faultChoice,
      clear),
    h("div", { class: "table-scroll", tabindex: "0", role: "group", "aria-label": "Exchange table" },
      h("table", { class: "exchange-table" },
        h("thead", {}, h("tr", {}, ...COLUMNS.map((name) => h("th", { scope: "col" }, name)))),
        body)),
  );
  render();
  return {
    /** @param {boolean} offered whether the server is a sandbox that knows faults */
    offerFaults(offered) {
      faultChoice.hidden = !offered;
      fault.value = "";
    },
  };
}

/** @param {Exchange} exchange */
function row({ at, method, path, result, failed, ms, attempts, idempotencyKey, requestId }) {
  const cells = [
    at.toLocaleTimeString("en-GB"),
    h("code", {}, method),
    h("code", { class: "path" }, path),
    h("span", { class: failed ? "badge bad" : "badge good" }, result),
    duration(ms),
    attempts,
    idempotencyKey ? h("code", {}, idempotencyKey) : "–",
    requestId ? h("code", {}, requestId) : "–",
  ];
  return h("tr", {}, ...cells.map((cell, index) => h("td", { "data-label": COLUMNS[index] }, cell)));
}

function emptyRow() {
  return h("tr", { class: "empty" }, h("td", { colspan: COLUMNS.length }, "No call yet."));
}
