// One call, opened in the inspector: its attempts and waits, what was sent and received, and copies.
import { isWrite } from "./call-log.js";
import { h, nodes } from "./dom.js";
import { duration, lastFour, masked, maskedQuote } from "./format.js";
import { asCommandLine, asCurl, asTypeScript, asViteModule } from "./snippets.js";
import { svg } from "./svg.js";

/** @import { Attempt, Call } from "./call-log.js" */

/** Headers whose values say nothing about a person. Others are hidden until they are asked for. */
const SHOWN_HEADERS = [
  "accept", "authorization", "cache-control", "content-length", "content-type", "date", "idempotency-key",
  "idempotency-replayed", "retry-after", "sandbox-fault", "x-request-id",
];
const LONGEST_TEXT = 20_000;
const COPIED_MS = 1500;
const WIDTH = 1000;

/** @type {Record<string, string>} */
const ENDINGS = {
  aborted: "cancelled",
  answered: "answered",
  broken_off: "the response broke off",
  timed_out: "no response in time",
  too_large: "the response is too large",
  unreachable: "no response",
};

/** @type {[string, (call: Call) => string][]} */
const COPIES = [
  ["TypeScript", asTypeScript],
  ["TypeScript for Vite", asViteModule],
  ["curl", asCurl],
  ["Command line", asCommandLine],
];

/**
 * @param {Call} call
 * @param {{ isRevealed: boolean, onReveal: (isRevealed: boolean) => void }} settings
 */
export function callContent(call, { isRevealed, onReveal }) {
  return nodes([
    timeline(call),
    facts(call),
    h("div", { class: "actions copies" },
      h("span", { class: "hint" }, "Copy as"),
      ...COPIES.map(([label, text]) => copyButton(label, () => text(call)))),
    h("p", { class: "hint" }, "A copy holds the values as they were sent, but no SSN. Its token comes from the environment."),
    h("div", { class: "actions" },
      h("h3", {}, "Headers and bodies"),
      h("button", { type: "button", "aria-pressed": String(isRevealed), onclick: () => onReveal(!isRevealed) },
        "Show personal values")),
    h("div", { class: "messages" },
      requestMessage(call, isRevealed),
      ...call.attempts.map((attempt, index) => responseMessage(attempt, index + 1, isRevealed))),
  ]);
}

/**
 * A line for each attempt and each wait, with a bar where it lies in the call.
 *
 * @param {Call} call
 */
function timeline(call) {
  const whole = Math.max(1, (call.end ?? performance.now()) - call.start);
  const lines = call.attempts.flatMap((attempt, index) => {
    const end = attempt.end ?? call.start + whole;
    const next = call.attempts[index + 1]?.start ?? call.end ?? call.start + whole;
    const kind = attempt.status !== undefined && attempt.status < 400 ? "good" : "bad";
    const line = timelineLine(`Attempt ${index + 1}`, attempt.end === undefined ? "open" : kind, { call, whole, start: attempt.start, end },
      endingOf(attempt));
    if (attempt.waitMs === undefined) return [line];
    const asked = `${duration(attempt.waitMs)} before attempt ${index + 2}`;
    return [line, timelineLine("Wait", "wait", { call, whole, start: end, end: next }, asked)];
  });
  return lines.length > 0 ? h("ol", { class: "timeline", "aria-label": "Attempts and waits" }, ...lines) : h("p", {}, "Nothing was sent.");
}

/**
 * @param {string} label
 * @param {"good" | "bad" | "open" | "wait"} kind
 * @param {{ call: Call, whole: number, start: number, end: number }} times
 * @param {string} text
 */
function timelineLine(label, kind, { call, whole, start, end }, text) {
  const x = ((start - call.start) / whole) * WIDTH;
  const width = Math.max(4, ((end - start) / whole) * WIDTH);
  const bar = svg("rect", { class: `bar-${kind}`, x: Math.min(x, WIDTH - 4), y: 0, width, height: 10, rx: 3 });
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} 10`, preserveAspectRatio: "none", "aria-hidden": "true" }, bar);
  return h("li", {}, h("span", {}, label), drawing, h("span", { class: "took" }, duration(end - start)), h("span", {}, text));
}

/** @param {Attempt} attempt */
function endingOf({ end, ended = "", status, code }) {
  if (end === undefined) return "under way";
  const words = status === undefined || ended !== "answered" ? [ENDINGS[ended] ?? ended] : [];
  return [status, code, ...words].filter((part) => part !== undefined && part !== "").join(" ");
}

/** @param {Call} call */
function facts(call) {
  const outcome = { not_sent: "nothing was sent", rejected: "the server refused it and changed nothing", unknown: "unknown: the server may or may not have done it" };
  /** @type {[string, string | undefined][]} */
  const all = [
    ["Result", call.result],
    ["Outcome", isWrite(call) && call.outcome ? outcome[call.outcome] : undefined],
    ["Message", call.message && maskedQuote(call.message)],
    ["Request id", call.requestId],
    ["Idempotency key", call.idempotencyKey],
  ];
  const rows = all.filter(([, value]) => value !== undefined).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
  return h("dl", { class: "facts" }, ...rows);
}

/**
 * @param {string} label
 * @param {() => string} text
 */
function copyButton(label, text) {
  const button = h("button", { type: "button", onclick: async () => {
    button.textContent = await navigator.clipboard.writeText(text()).then(() => "Copied", () => "Not copied");
    setTimeout(() => button.textContent = label, COPIED_MS);
  } }, label);
  return button;
}

/**
 * @param {Call} call
 * @param {boolean} isRevealed
 */
function requestMessage(call, isRevealed) {
  const first = call.attempts[0];
  const title = call.attempts.length > 1 ? `Request, in all ${call.attempts.length} attempts` : "Request";
  const target = isRevealed && call.requestUrl !== undefined ? call.requestUrl : `${call.baseUrl}${call.path}`;
  // The query of a read stands in its address.
  const redacted = isWrite(call) ? call.requestRedacted : undefined;
  return message(title, `${call.method} ${masked(target)}`, {
    headers: allRequestHeaders(call),
    body: isRevealed && call.requestText !== undefined ? shownText(call.requestText) : shownValue(redacted),
    isRevealed,
    isThere: first !== undefined,
  });
}

/**
 * The headers of all attempts. A fault may be asked of one of them only.
 *
 * @param {Call} call
 * @returns {Record<string, string>}
 */
function allRequestHeaders({ attempts }) {
  const all = Object.assign({}, ...attempts.map(({ requestHeaders }) => requestHeaders));
  const [only, ...others] = attempts.flatMap(({ requestHeaders }, index) => ("sandbox-fault" in requestHeaders ? [index + 1] : []));
  if (only !== undefined && others.length === 0 && attempts.length > 1) all["sandbox-fault"] += ` (attempt ${only} only)`;
  return all;
}

/**
 * @param {Attempt} attempt
 * @param {number} number
 * @param {boolean} isRevealed
 */
function responseMessage(attempt, number, isRevealed) {
  const { status, responseHeaders, responseText, responseRedacted } = attempt;
  return message(`Response to attempt ${number}`, status === undefined ? endingOf(attempt) : String(status), {
    headers: responseHeaders ?? {},
    body: isRevealed && responseText !== undefined ? shownResponse(responseText, status) : hiddenBody(responseText, responseRedacted),
    isRevealed,
    isThere: responseHeaders !== undefined,
  });
}

/**
 * @param {string | undefined} text
 * @param {unknown} redacted
 */
function hiddenBody(text, redacted) {
  if (redacted !== undefined) return shownValue(redacted);
  return text ? `[${text.length} characters, hidden]` : undefined;
}

/**
 * @param {string} title
 * @param {string} line
 * @param {{ headers: Record<string, string>, body: string | undefined, isRevealed: boolean, isThere: boolean }} parts
 */
function message(title, line, { headers, body, isRevealed, isThere }) {
  const rows = Object.entries(headers).map(([name, value]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, isRevealed || SHOWN_HEADERS.includes(name) ? masked(value) : "[hidden]")));
  return h("section", { class: "message" },
    h("h4", {}, title),
    h("p", {}, h("code", {}, line)),
    isThere && h("dl", { class: "facts" }, ...rows),
    body !== undefined && h("pre", { tabindex: "0", role: "group", "aria-label": `${title}: body` }, body));
}

/** @param {unknown} value */
function shownValue(value) {
  return value === undefined ? undefined : masked(JSON.stringify(value, null, 2)).slice(0, LONGEST_TEXT);
}

/**
 * A problem may quote what was typed.
 *
 * @param {string} text
 * @param {number | undefined} status
 */
function shownResponse(text, status = 0) {
  return status < 400 ? shownText(text) : maskedQuote(shownText(text) ?? "");
}

/**
 * A body with its personal values; of an SSN the last four digits.
 *
 * @param {string} text
 */
function shownText(text) {
  try {
    const value = JSON.parse(text, (name, member) => (name === "ssn" && /^[\d -]+$/.test(member) ? lastFour(member) : member));
    return shownValue(value);
  } catch {
    return maskedQuote(text).slice(0, LONGEST_TEXT);
  }
}
