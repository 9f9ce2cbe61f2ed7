// One import: a customer for each row through `synctera-customers/bulk`, with a pause and an early end.
import { createCustomers } from "/pkg/entries/bulk.js";
import { isSyncteraError } from "./api.js";
import { fieldErrors } from "./errors.js";
import { labelOf } from "./fields.js";
import { maskedQuote } from "./format.js";

/** @import { CheckpointEntry } from "/pkg/entries/bulk.js" */
/** @import { Session } from "./api.js" */
/** @import { Row } from "./rows.js" */

/**
 * A row that was not created, or may not have been.
 *
 * @typedef {{ row: Row, outcome: "failed" | "unknown", reason: string }} Failure
 */

/** What the package lets be in flight by default is for programs; a page leaves room for its own calls. */
const CONCURRENCY = 4;

/**
 * What became of the rows of earlier runs, as long as there is the connection: keys and states, and nothing of
 * any row. @type {WeakMap<Session, CheckpointEntry[]>}
 */
const journals = new WeakMap();

/** Fires `change` when something has happened. */
export class ImportRun extends EventTarget {
  /** @type {"running" | "paused" | "ended"} */
  state = "running";
  counts = { created: 0, failed: 0, unknown: 0, skipped: 0 };
  /** @type {Failure[]} */
  failures = [];
  ratePerSecond = 0;
  /** What ended the run before its last row, if not the person. @type {unknown} */
  error;
  isCancelled = false;
  #session;
  #rows;
  #keyOf;
  /** Settles when the run may go on. */
  #going = Promise.resolve();
  #go = () => {};

  /**
   * @param {Session} session
   * @param {Row[]} rows
   * @param {(row: Row) => string} keyOf the key of a row, the same each time that it is imported
   */
  constructor(session, rows, keyOf) {
    super();
    this.#session = session;
    this.#rows = rows;
    this.#keyOf = keyOf;
  }

  get total() {
    return this.#rows.length;
  }

  get settled() {
    const { created, failed, unknown, skipped } = this.counts;
    return created + failed + unknown + skipped;
  }

  /** Resolves when every row that was read has settled. */
  async run() {
    const session = this.#session;
    const entries = journals.get(session) ?? [];
    journals.set(session, entries);
    // Through the session, so that these calls are shown as all others are.
    /** @type {import("/pkg/entries/bulk.js").CreatesCustomers} */
    const api = { createCustomer: (customer, options) => session.create(customer, options) };
    try {
      await createCustomers(api, this.#readRows(), {
        // As the command line names it: a row that is done on one server is not done on another.
        job: `import ${session.baseUrl}`,
        key: this.#keyOf,
        customer: ({ customer }) => /** @type {any} */ (customer),
        checkpoint: { load: () => [...entries], append: (entry) => void entries.push(entry) },
        concurrency: CONCURRENCY,
        total: this.total,
        onResult: (result) => this.#take(result),
        onProgress: ({ ratePerSecond }) => {
          this.ratePerSecond = ratePerSecond;
        },
      });
    } catch (error) {
      this.error = error;
    }
    this.#set("ended");
  }

  /** Reads no further row; those in flight settle. */
  pause() {
    if (this.state !== "running") return;
    this.#going = new Promise((resolve) => {
      this.#go = () => resolve(undefined);
    });
    this.#set("paused");
  }

  resume() {
    if (this.state !== "paused") return;
    this.#go();
    this.#set("running");
  }

  /** Ends the run once the rows in flight have settled. */
  cancel() {
    this.isCancelled = true;
    this.#go();
    this.#changed();
  }

  async *#readRows() {
    for (const row of this.#rows) {
      await this.#going;
      if (this.isCancelled) return;
      yield row;
    }
  }

  /** @param {import("/pkg/entries/bulk.js").BulkResult<Row, "created">} result */
  #take({ row, outcome, error }) {
    this.counts[outcome] += 1;
    if (outcome === "failed" || outcome === "unknown") this.failures.push({ row, outcome, reason: reasonOf(error) });
    this.#changed();
    // Every other row would be rejected for the same reason.
    if (isSyncteraError(error, "ApiError") && (error.status === 401 || error.status === 403)) throw error;
  }

  /** @param {"running" | "paused" | "ended"} state */
  #set(state) {
    this.state = state;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {unknown} error */
function reasonOf(error) {
  const fields = [...fieldErrors(error)].map(([path, messages]) => `${labelOf(path) ?? path}: ${messages.join(" ")}`);
  if (fields.length > 0) return fields.join(" ");
  return maskedQuote(error instanceof Error ? error.message : String(error));
}
