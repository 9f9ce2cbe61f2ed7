// Types of `synctera-customers/bulk`. TypeScript finds index.d.ts for index.js, which does not exist; JSR
// needs the comment below.
// @ts-types="../dist/index.d.ts"
import type { AbortSignalLike, AnySyncteraError, CustomerInBody, CustomerWrite, PatchCustomer, ReadOptions, RequestOptions } from "../dist/index.js";

/** A `ReadableStream`, without asking for the DOM's types. */
export interface ReadableStreamLike<Row> {
  /** How the rows are read. */
  getReader(): { read(): PromiseLike<{ readonly done: boolean; readonly value?: unknown }>; cancel(): PromiseLike<void> };
  /** Never called: TypeScript finds the type of the rows by it, as `getReader` has several signatures. */
  pipeTo(destination: { getWriter(): { write(row?: Row): PromiseLike<void> } }): PromiseLike<void>;
}

/**
 * Where the rows come from: an array or another iterable, an async iterable or a `ReadableStream`. A row is
 * read when there is room for it among those at work, never before. Each row is a separate object: one
 * that the source fills again for the next row would change while it waits to be sent.
 */
export type BulkSource<Row> = Iterable<Row> | AsyncIterable<Row> | ReadableStreamLike<Row>;

/** The options that every run has. */
export interface BulkOptions<Row, Done extends string> {
  /**
   * How many rows are at work at a time: read, sent or being reported. From 1 to 100, since the client's
   * retry budget allows 100 retries in a row; default 8, which is 40 rows a second where a call takes 200 ms.
   * The API publishes no limit. Not more than the client's `maxConcurrent`: a row that waits for
   * its turn there does so within its call's deadline.
   */
  concurrency?: number | undefined;
  /** How many rows are expected, for `estimatedEnd`. Default: the `length` or `size` of the source, if it has one. */
  total?: number | undefined;
  /** Ends the run: no further row is read, and the calls in flight are aborted. The run rejects with the signal's reason. */
  signal?: AbortSignalLike | undefined;
  /**
   * Called with what became of each row, in the order in which rows settle. Its promise is awaited before the
   * row counts as done: a row that a later run skips has been reported. After a crash a row may be reported
   * again, with the same customer.
   */
  onResult?: ((result: BulkResult<Row, Done>) => unknown) | undefined;
  /** Called at most once a second, and at the end. Its promise is awaited. */
  onProgress?: ((progress: BulkProgress) => unknown) | undefined;
}

/** The options of a run that writes. */
export interface BulkWriteOptions<Row, Done extends string> extends BulkOptions<Row, Done> {
  /**
   * The name of the job. Together with a row's key it makes the idempotency keys: a run that is repeated has
   * the same name, and another job has another.
   */
  job: string;
  /**
   * The row's own key within the job: the same each time, and of no other row, such as the id of a record in
   * your database. It leaves this program only as a SHA-256; one that can be guessed, such as an e-mail
   * address, can be found from that by trying.
   */
  key: (row: Row) => string;
  /**
   * The journal, by which a run goes on where an earlier one ended, however it ended. Without it a repeated
   * run sends every row again, under the same keys: harmless for 7 days, as long as the API keeps them, but a
   * row that was rejected and then corrected cannot be sent.
   */
  checkpoint?: Checkpoint | undefined;
}

/** The options of `createCustomers`. */
export interface CreateOptions<Row> extends BulkWriteOptions<Row, "created"> {
  /** The customer of a row. Default: the row itself. */
  customer?: ((row: Row) => CustomerWrite | PromiseLike<CustomerWrite>) | undefined;
}

/** What `patchCustomers` needs of a row. */
export interface CustomerPatch {
  /** The customer's id. */
  readonly id: string;
  /** The fields to change. */
  readonly patch: PatchCustomer;
}

/** The options of `patchCustomers`. */
export interface PatchOptions<Row> extends BulkWriteOptions<Row, "patched"> {
  /** The id and the patch of a row. Default: the row itself. */
  patch?: ((row: Row) => CustomerPatch | PromiseLike<CustomerPatch>) | undefined;
}

/**
 * What became of a row:
 *
 * * `created`, `patched`, `found`: it was done, in this run or in an earlier one that did not record it.
 * * `failed`: it was not done. `error` says why; a later run sends it again.
 * * `unknown`: it may have been done. A later run sends it again under the same key, for 7 days after it was
 *   first sent; then it is reported as `unknown` with a `BulkError` and not sent any more.
 * * `skipped`: an earlier run has done and reported it.
 */
export type BulkResult<Row, Done extends string> =
  | { readonly row: Row; readonly index: number; readonly outcome: Done; readonly customer: CustomerInBody; readonly error?: undefined }
  | {
      readonly row: Row;
      readonly index: number;
      readonly outcome: "failed" | "unknown";
      readonly error: AnySyncteraError | BulkError;
      readonly customer?: undefined;
    }
  | { readonly row: Row; readonly index: number; readonly outcome: "skipped"; readonly customer?: undefined; readonly error?: undefined };

/** How far a run is. */
export interface BulkProgress {
  /** Rows that were created, patched or found. */
  readonly done: number;
  /** Rows that were not done. */
  readonly failed: number;
  /** Rows that may have been done. */
  readonly unknown: number;
  /** Rows that an earlier run had done. */
  readonly skipped: number;
  /** Rows a second, over the last ten calls of `onProgress`. */
  readonly ratePerSecond: number;
  /** When the run will have ended at this rate, if it is known how many rows there are. */
  readonly estimatedEnd: Date | undefined;
}

/** How many rows became what. `total` is their sum. */
export type BulkCounts<Done extends string> = { readonly [Outcome in "total" | "failed" | "unknown" | "skipped" | Done]: number };

/** A line of the journal. Holds no data of any row. */
export interface CheckpointEntry {
  /** The idempotency key: a UUID made from a SHA-256 of the job, the row's key and a revision. */
  readonly key: string;
  /**
   * `sending`: about to be sent. `done`: done and reported. `rejected`: not done, and the key is spent, since
   * the API replays its response; the row's next revision has another. `not_done`: not done, and the key can
   * be used again. `unknown`: may have been done.
   */
  readonly state: "sending" | "done" | "rejected" | "not_done" | "unknown";
  /** When: RFC 3339. */
  readonly at: string;
}

/** A journal. One may serve several jobs, and keeps its entries for good. */
export interface Checkpoint {
  /** Gives all entries in the order in which they were appended. Called once, before the first row is read. */
  load(): AsyncIterable<CheckpointEntry> | Iterable<CheckpointEntry>;
  /** Keeps an entry; its promise is awaited. A row is sent only after its entry has been kept. */
  append(entry: CheckpointEntry): PromiseLike<void> | void;
}

/**
 * A journal in a file, for Node from 20.16, current Deno and current Bun: a line of JSON for each entry,
 * which is on the disk before the row is sent. The file is made for its owner only. A last line that a
 * crash has cut off is ignored.
 */
export function fileCheckpoint(path: string | { readonly href: string; readonly protocol: string }): Checkpoint;

/**
 * Creates a customer for each row, each once, however often the run is repeated.
 *
 * A row whose outcome is unknown when its call ends (`error.outcome`) is sent once more under the same key
 * before the run ends. All else about retries and deadlines is the client's.
 *
 * @throws {BulkError} if an argument is wrong; the run then sends nothing.
 * @throws whatever `signal` has as its reason, or a callback, the source or the checkpoint threw. Then no
 * further row is sent, and the rows in flight have settled and been recorded.
 */
export function createCustomers<Row extends CustomerWrite>(
  api: CreatesCustomers,
  source: BulkSource<Row>,
  options: CreateOptions<Row>,
): Promise<BulkCounts<"created">>;
/** Creates a customer for each row, which `options.customer` makes from it. */
export function createCustomers<Row>(
  api: CreatesCustomers,
  source: BulkSource<Row>,
  options: CreateOptions<Row> & { customer: (row: Row) => CustomerWrite | PromiseLike<CustomerWrite> },
): Promise<BulkCounts<"created">>;

/** Patches a customer for each row; as `createCustomers`. The order of two rows of one customer is not promised. */
export function patchCustomers<Row extends CustomerPatch>(
  api: PatchesCustomers,
  source: BulkSource<Row>,
  options: PatchOptions<Row>,
): Promise<BulkCounts<"patched">>;
/** Patches a customer for each row, from which `options.patch` makes the id and the patch. */
export function patchCustomers<Row>(
  api: PatchesCustomers,
  source: BulkSource<Row>,
  options: PatchOptions<Row> & { patch: (row: Row) => CustomerPatch | PromiseLike<CustomerPatch> },
): Promise<BulkCounts<"patched">>;

/**
 * Reads a customer for each id, with one request for each: the API publishes no bound for its filter by ids.
 * An id that no customer has is `failed`.
 */
export function getCustomers(
  api: ReadsCustomers,
  ids: BulkSource<string>,
  options?: BulkOptions<string, "found">,
): Promise<BulkCounts<"found">>;

/** What `createCustomers` needs of a `CustomersApi`. */
export interface CreatesCustomers {
  createCustomer(customer: CustomerWrite, options?: RequestOptions): PromiseLike<CustomerInBody>;
}

/** What `patchCustomers` needs of a `CustomersApi`. */
export interface PatchesCustomers {
  patchCustomer(id: string, patch: PatchCustomer, options?: RequestOptions): PromiseLike<CustomerInBody>;
}

/** What `getCustomers` needs of a `CustomersApi`. */
export interface ReadsCustomers {
  getCustomer(id: string, options?: ReadOptions): PromiseLike<CustomerInBody>;
}

/** A mistake in the arguments, or a row that was not sent. Holds nothing of any row. */
export class BulkError extends Error {
  private constructor();
  readonly name: "BulkError";
  /**
   * What is wrong. Of a row: `duplicate_key`, an earlier row of the run has the same key; `invalid_key`,
   * `options.key` returned no string; `key_expired`, its outcome is unknown and the API no longer keeps its key.
   */
  readonly reason:
    | "invalid_argument"
    | "duplicate_key"
    | "invalid_key"
    | "key_expired"
    | "unreadable_journal"
    | "no_webcrypto"
    | "no_files";
  /** With `invalid_argument`: which, such as `options.concurrency`. */
  readonly argument?: string;
}
