// Creating customers from a file: choose it, say which column is which field, look at the first rows, and go.
import { h, nodes } from "./dom.js";
import { save } from "./export.js";
import { guard } from "./guard.js";
import { Plan, sourceOf } from "./import-plan.js";
import { ImportRun } from "./import-run.js";
import { FileError, csvOf, fileOf, textOf } from "./rows.js";
import { rowsTable } from "./values.js";

/** @import { Context } from "./main.js" */
/** @import { Source } from "./import-plan.js" */
/** @import { Failure } from "./import-run.js" */
/** @import { Row } from "./rows.js" */

const SHOWN_FAILURES = 200;
const RUNNING = "The import is not finished. Stop it and leave?";

/** @param {Context} context */
export function importView(context) {
  return { title: "Import", element: new ImportView(context).element };
}

class ImportView {
  #context;
  #problem = h("p", { class: "error", role: "alert" });
  #plan = h("div", { class: "import" });
  #progress = h("div", { class: "import" });
  /** @type {ImportRun | undefined} */
  #run;

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
    const file = h("input", {
      type: "file", id: "import-file", accept: ".csv,.ndjson,.jsonl", "aria-describedby": "import-hint",
      onchange: () => file.files?.[0] && this.#read(file.files[0]),
    });
    this.element = h("div", { class: "import" },
      h("h1", { tabindex: "-1" }, "Import"),
      h("div", { class: "card" },
        h("label", { for: "import-file" }, "File"),
        file,
        h("p", { id: "import-hint", class: "hint" },
          "CSV with a header, or NDJSON with a customer a line, in UTF-8. ",
          "It is read here and stays in this page until you send its rows."),
        this.#problem),
      this.#plan,
      this.#progress);
    guard(() => (this.#isRunning ? RUNNING : undefined), context.signal);
    context.signal.addEventListener("abort", () => this.#run?.cancel());
  }

  get #isRunning() {
    return this.#run !== undefined && this.#run.state !== "ended";
  }

  /** @param {File} file */
  async #read(file) {
    this.#problem.textContent = this.#isRunning ? "Wait for the end of the import, or cancel it." : "";
    if (this.#isRunning) return;
    this.#plan.replaceChildren();
    this.#progress.replaceChildren();
    try {
      const source = sourceOf(await textOf(file), /\.csv$/i.test(file.name) ? "csv" : "ndjson");
      this.#plan.replaceChildren(new Plan(source, (rows, keyOf) => this.#start(source, rows, keyOf)).element);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.#problem.textContent = error.message;
    }
  }

  /**
   * @param {Source} source
   * @param {Row[]} rows
   * @param {(row: Row) => string} keyOf
   */
  #start(source, rows, keyOf) {
    if (this.#isRunning) return;
    const run = new ImportRun(this.#context.session, rows, keyOf);
    this.#run = run;
    // The list is to be read anew, wherever the person goes meanwhile.
    this.#context.query.restart();
    const panel = new RunPanel(run, (failures) => saveFailures(source, failures));
    this.#progress.replaceChildren(panel.element);
    panel.element.querySelector("button")?.focus();
    run.run().then(() => {
      if (run.error !== undefined && !this.#context.signal.aborted) {
        this.#context.alert.show(run.error, { onConnect: this.#context.disconnect });
      }
    });
  }
}

/** A run under way: how far it is, its buttons, and the rows that failed. */
class RunPanel {
  #run;
  #bar = h("progress", { "aria-label": "Rows that are done" });
  #summary = h("p", { class: "summary", role: "status" });
  #pause = h("button", { type: "button", onclick: () => this.#turn() }, "Pause");
  #cancel = h("button", { type: "button", onclick: () => this.#run.cancel() }, "Cancel");
  #failures = h("div", {});
  #saveFailures;
  #isDue = false;

  /**
   * @param {ImportRun} run
   * @param {(failures: Failure[]) => void} saveFailed
   */
  constructor(run, saveFailed) {
    this.#run = run;
    this.#saveFailures = h("button", { type: "button", onclick: () => saveFailed(run.failures) }, "Save failed rows");
    this.#bar.max = run.total;
    this.element = h("section", { class: "card" },
      h("div", { class: "section-head" },
        h("h2", {}, "Progress"),
        h("div", { class: "actions" }, this.#pause, this.#cancel, this.#saveFailures)),
      this.#bar,
      this.#summary,
      this.#failures);
    run.addEventListener("change", () => this.#showSoon());
    this.#show();
  }

  #turn() {
    if (this.#run.state === "paused") this.#run.resume();
    else this.#run.pause();
  }

  /** At most once a frame: rows settle faster than anyone reads. */
  #showSoon() {
    if (this.#isDue) return;
    this.#isDue = true;
    setTimeout(() => {
      this.#isDue = false;
      this.#show();
    }, 50);
  }

  #show() {
    const { state, failures, settled } = this.#run;
    this.#bar.value = settled;
    this.#summary.textContent = wordsOf(this.#run);
    this.#pause.textContent = state === "paused" ? "Resume" : "Pause";
    this.#pause.hidden = state === "ended" || this.#run.isCancelled;
    this.#cancel.hidden = this.#pause.hidden;
    this.#saveFailures.hidden = failures.length === 0;
    this.#failures.replaceChildren(...nodes([failures.length > 0 && failureTable(failures)]));
  }
}

/** @param {ImportRun} run */
function wordsOf({ state, counts, settled, total, ratePerSecond, isCancelled, error }) {
  const parts = [
    `${counts.created} created`,
    counts.failed > 0 && `${counts.failed} failed`,
    counts.unknown > 0 && `${counts.unknown} of unknown outcome`,
    counts.skipped > 0 && `${counts.skipped} done before`,
    settled < total && `${total - settled} left`,
    state === "running" && ratePerSecond > 0 && `${Math.round(ratePerSecond)} a second`,
  ];
  const isEarly = isCancelled || error !== undefined;
  const words = { running: "Running", paused: "Paused", ended: isEarly ? "Stopped" : "Done" };
  const word = isCancelled && state !== "ended" ? "Stopping" : words[state];
  const again = state === "ended" && (isEarly || counts.failed + counts.unknown > 0);
  return `${word}: ${parts.filter(Boolean).join(", ")}.${again ? " Create them again to go on: rows that are done are skipped." : ""}`;
}

/** @param {Failure[]} failures */
function failureTable(failures) {
  const more = failures.length - SHOWN_FAILURES;
  return h("div", { class: "rows-box", tabindex: "0", role: "group", "aria-label": "Rows that failed" },
    rowsTable(
      ["Line", "Outcome", "Reason"],
      failures.slice(0, SHOWN_FAILURES).map(({ row, outcome, reason }) => [
        row.line,
        h("span", { class: "badge bad" }, outcome),
        reason,
      ]),
    ),
    more > 0 && h("p", { class: "hint" }, `And ${more} more. Save them to see all.`));
}

/**
 * Saves the rows in the form of the file that they come from, so that they can be corrected and imported.
 *
 * @param {Source} source
 * @param {Failure[]} failures
 */
function saveFailures({ format, header, cells }, failures) {
  const lines = new Set(failures.map(({ row }) => row.line));
  const text = format === "csv"
    ? csvOf([header, ...cells.filter(({ line }) => lines.has(line)).map((row) => row.cells)])
    : fileOf(failures.map(({ row }) => /** @type {object} */ (row.customer)), "ndjson");
  save(text, `failed.${format}`, format);
}
