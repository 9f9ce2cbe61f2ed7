// The panel at the bottom: each call with its attempts, and the faults that the sandbox shall play.
import { isWrite, progressOf, waitsUntil } from "./call-log.js";
import { callContent } from "./call-view.js";
import { h } from "./dom.js";
import { FAULTS } from "./faults.js";
import { duration } from "./format.js";
import { plot } from "./plot.js";

/** @import { Call, CallLog } from "./call-log.js" */
/** @import { Faults } from "./faults.js" */

const TICK_MS = 200;
/** How many of the newest calls a write may be among to be shown in the bar. */
const RECENT = 3;
const OUTCOMES = { not_sent: "not sent", rejected: "nothing changed", unknown: "outcome unknown" };

export class Inspector {
  #log;
  #faults;
  #section;
  /** @type {Map<Call, CallRow>} */
  #rows = new Map();
  /** The calls that have changed since they were last drawn. @type {Set<Call>} */
  #changed = new Set();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;
  #toggle = h("button", { type: "button", class: "quiet", "aria-expanded": "false", "aria-controls": "inspector-body",
    onclick: () => this.toggle() }, h("span", { class: "arrow", "aria-hidden": "true" }), "Inspector");
  #last = h("p", { class: "last-call" });
  #retrying = h("p", { class: "retrying", "aria-live": "polite" });
  #chip = h("p", { class: "chip", hidden: true });
  #offer = h("button", { type: "button", class: "quiet offer", onclick: () => this.#goToFaults() }, "Arm a fault");
  #list = h("ol", { class: "calls", "aria-label": "Calls" });
  #empty = h("p", { class: "absent" }, "No call yet.");
  #plot = h("div");
  #faultForm;
  #clear = h("button", { type: "button", onclick: () => this.#log.clear() }, "Clear");
  #body;

  /**
   * Fills the section and keeps it up to date.
   *
   * @param {HTMLElement} section
   * @param {CallLog} log
   * @param {Faults} faults
   */
  constructor(section, log, faults) {
    this.#section = section;
    this.#log = log;
    this.#faults = faults;
    this.#faultForm = faultForm(faults);
    this.#body = h("div", { id: "inspector-body", class: "inspector-body", hidden: true },
      h("div", { class: "inspector-calls" }, this.#empty, this.#list),
      h("div", { class: "inspector-side" }, this.#faultForm, this.#plot, h("div", { class: "actions" }, this.#clear)));
    section.replaceChildren(
      h("div", { class: "inspector-bar" },
        h("h2", { id: "inspector-title" }, this.#toggle), this.#last, this.#retrying, this.#chip, this.#offer),
      this.#body);
    log.addEventListener("change", (event) => this.#onChange(/** @type {CustomEvent<Call | null>} */ (event).detail));
    faults.addEventListener("change", () => this.#showFault());
    section.addEventListener("keydown", (event) => this.#onKey(event));
    new ResizeObserver(() => this.#makeRoom()).observe(section);
    this.#draw();
    this.#showFault();
  }

  toggle() {
    this.#setOpen(this.#body.hidden !== false);
    if (!this.#body.hidden) this.#toggle.focus();
  }

  /** @param {boolean} isOpen */
  #setOpen(isOpen) {
    this.#body.hidden = !isOpen;
    this.#toggle.setAttribute("aria-expanded", String(isOpen));
    this.#showFault();
    this.#drawPlot();
  }

  #goToFaults() {
    this.#setOpen(true);
    this.#faultForm.querySelector("select")?.focus();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key !== "Escape" || this.#body.hidden) return;
    this.#setOpen(false);
    this.#toggle.focus();
  }

  /** What the panel covers is added to the page, so that its end can be scrolled into sight. */
  #makeRoom() {
    const height = this.#section.hidden ? 0 : this.#section.offsetHeight;
    document.documentElement.style.setProperty("--dock", `${height}px`);
  }

  /**
   * Draws what changed, once a frame: an import makes many calls. What is cleared is gone at once.
   *
   * @param {Call | null} call
   */
  #onChange(call) {
    if (!call) return this.#draw();
    if (this.#changed.size === 0) requestAnimationFrame(() => this.#draw());
    this.#changed.add(call);
    // A tab in the background draws nothing, and shall not keep what the log has dropped.
    for (const old of this.#changed) if (!this.#log.calls.includes(old)) this.#changed.delete(old);
  }

  #draw() {
    const { calls } = this.#log;
    for (const [call, row] of this.#rows) {
      if (calls.includes(call)) continue;
      row.element.remove();
      this.#rows.delete(call);
    }
    for (const call of this.#changed) if (calls.includes(call)) this.#showCall(call);
    this.#changed.clear();
    this.#empty.hidden = calls.length > 0;
    this.#clear.disabled = calls.length === 0;
    this.#drawPlot();
    this.#showProgress();
    if (calls.some(({ end }) => end === undefined)) this.#ticking ??= setInterval(() => this.#showProgress(), TICK_MS);
  }

  #drawPlot() {
    this.#plot.replaceChildren(...(this.#body.hidden ? [] : [plot(this.#log.calls)]));
  }

  /** @param {Call} call */
  #showCall(call) {
    const known = this.#rows.get(call);
    if (known) return known.show();
    const row = new CallRow(call);
    this.#rows.set(call, row);
    this.#list.prepend(row.element);
  }

  /** The newest call in one line, and whether one is being retried. */
  #showProgress() {
    const { calls } = this.#log;
    const running = calls.filter(({ end }) => end === undefined);
    if (running.length === 0) {
      clearInterval(this.#ticking);
      this.#ticking = undefined;
    }
    const now = performance.now();
    const retried = running.find((call) => call.attempts.length > 1 || waitsUntil(call) !== undefined);
    setText(this.#retrying, retried ? `${retried.method} ${progressOf(retried, now)}` : "");
    const recent = calls.slice(0, RECENT);
    const write = recent.find(isWrite);
    const shown = recent.filter((call, index) => (index === 0 || call === write) && call !== retried);
    // The write first, which the read that shows it follows.
    this.#last.replaceChildren(...shown.toReversed().map(summaryOf));
    for (const call of running) this.#rows.get(call)?.showProgress(now);
  }

  #showFault() {
    const { armed, isOffered, text } = this.#faults;
    this.#faultForm.hidden = !isOffered;
    this.#offer.hidden = !isOffered || armed !== undefined || !this.#body.hidden;
    this.#chip.hidden = !armed;
    const onclick = () => {
      this.#faults.disarm();
      // The button that had the focus is gone.
      this.#toggle.focus();
    };
    const disarm = h("button", { type: "button", onclick }, "Disarm");
    this.#chip.replaceChildren(h("span", {}, text), disarm);
  }
}

/** A call in the list, which opens to show all of it. */
class CallRow {
  #call;
  #summary = h("summary");
  #content = h("div", { class: "call-content" });
  #progress = h("span", { class: "badge" });
  #details;
  #isRevealed = false;

  /** @param {Call} call */
  constructor(call) {
    this.#call = call;
    this.#details = h("details", { class: "call", ontoggle: () => this.#showContent() }, this.#summary, this.#content);
    this.element = h("li", {}, this.#details);
    this.show();
  }

  show() {
    const call = this.#call;
    this.#summary.replaceChildren(
      h("span", { class: "call-time" }, call.at.toLocaleTimeString("en-GB")),
      h("code", { class: "call-method" }, call.method),
      h("code", { class: "call-path" }, call.path),
      h("span", { class: "call-result" }, call.end === undefined ? this.#progress : resultBadge(call)),
      h("span", { class: "call-took" }, call.end === undefined ? "" : duration(call.end - call.start)),
      h("span", { class: "call-attempts" }, attemptsOf(call)),
      h("span", { class: "call-outcome" }, outcomeOf(call)));
    this.showProgress(performance.now());
    this.#showContent();
  }

  /** @param {number} now */
  showProgress(now) {
    if (this.#call.end === undefined) setText(this.#progress, progressOf(this.#call, now));
  }

  #showContent() {
    if (!this.#details.open) return this.#content.replaceChildren();
    const onReveal = (/** @type {boolean} */ isRevealed) => {
      this.#isRevealed = isRevealed;
      this.#showContent();
      /** @type {HTMLElement | null} */ (this.#content.querySelector("[aria-pressed]"))?.focus();
    };
    this.#content.replaceChildren(...callContent(this.#call, { isRevealed: this.#isRevealed, onReveal }));
  }
}

/** @param {Call} call */
function summaryOf(call) {
  const took = call.end === undefined ? progressOf(call, performance.now()) : duration(call.end - call.start);
  const parts = [h("code", {}, call.method), call.end === undefined ? "" : resultBadge(call), took, attemptsOf(call), outcomeOf(call)];
  return h("span", {}, ...parts.filter((part) => part !== "").flatMap((part) => [part, " "]));
}

/** @param {Call} call */
function resultBadge({ result = "", failed }) {
  if (result === "AbortError") return h("span", { class: "badge" }, "cancelled");
  return h("span", { class: failed ? "badge bad" : "badge good" }, result);
}

/** @param {Call} call */
function attemptsOf({ attempts }) {
  return attempts.length === 1 ? "1 attempt" : `${attempts.length} attempts`;
}

/** @param {Call} call */
function outcomeOf(call) {
  return isWrite(call) && call.outcome ? OUTCOMES[call.outcome] : "";
}

/** @param {Faults} faults */
function faultForm(faults) {
  const fault = select("fault", FAULTS.map(({ label }) => label));
  const target = select("fault-target", ["next write", "next call"]);
  const often = select("fault-often", ["once", "always"]);
  /** @param {SubmitEvent} event */
  const onsubmit = (event) => {
    event.preventDefault();
    const chosen = FAULTS[fault.selectedIndex];
    if (chosen) faults.arm(chosen, target.selectedIndex === 0 ? "write" : "call", often.selectedIndex === 0);
  };
  return h("form", { class: "faults", "aria-label": "Fault", onsubmit },
    h("label", { for: "fault" }, "Fault"), fault,
    h("label", { for: "fault-target" }, "In the"), target,
    h("label", { for: "fault-often" }, "How often"), often,
    h("button", { type: "submit" }, "Arm"));
}

/**
 * @param {string} id
 * @param {string[]} choices
 */
function select(id, choices) {
  return h("select", { id }, ...choices.map((choice) => h("option", {}, choice)));
}

/**
 * Without touching the page where nothing changed: a screen reader reads changes out.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
