// Many customers in one run: creates, patches or reads a row at a time through a `CustomersApi` that the
// caller gives. It has no WebAssembly, and a program that does not import it does not download it.
//
// No row is done twice. A row has one idempotency key, which follows from the name of the job, the row's own
// key and a revision, so a run that is repeated sends the same key again and the API replays its response
// (BEHAVIOUR 7). No row is lost: the journal says what became of each before and after it is sent.
//
// @ts-self-types="./bulk.d.ts"

const DEFAULT_CONCURRENCY = 8;
/** The client's retry budget allows a hundred retries in a row: one for each row in flight. */
const MAX_CONCURRENCY = 100;

/**
 * How long a key is sent again after it was first sent. The API keeps keys for 7 days (BEHAVIOUR 7); an hour
 * less allows for clocks that differ and for the time that a call takes.
 */
const KEY_LIFE_MS = (7 * 24 - 1) * 3_600_000;

/** How many rows of unknown outcome are held for the end of the run; beyond it the oldest is sent again at once. */
const MAX_UNRESOLVED = 1000;

const PROGRESS_INTERVAL_MS = 1000;
/** The rate is that of the last ten intervals: rows that are skipped at the start should not count for ever. */
const PROGRESS_INTERVALS = 10;

/** What the words of an error say. They quote no row, no key and no option's value. */
const WORDS = {
  duplicate_key: "an earlier row of this run has the same key, so this one was not sent: give each row its own key",
  invalid_key: "options.key returned something other than a string that is not empty, so the row was not sent",
  key_expired:
    "the row was sent long ago, its outcome is unknown, and the API keeps an idempotency key for 7 days only, so it was not sent again: look the customer up, and give the row a new key if it is not there",
  unreadable_journal: "the checkpoint holds something other than the entries of a journal: is it the right one? Nothing was sent",
  no_webcrypto: "this host has neither crypto.subtle nor node:crypto, which make the idempotency keys; a page has the former over https only. Nothing was sent",
  no_files: "this host gives no node:fs by process.getBuiltinModule, as Node from 20.16, Deno and Bun do: give a checkpoint of your own",
};

/** A mistake in the arguments, or a row that was not sent. Holds nothing of any row. */
export class BulkError extends Error {
  /**
   * @param {keyof typeof WORDS | "invalid_argument"} reason
   * @param {string} [argument] the argument that is wrong
   * @param {string} [words] what is wrong with it
   */
  constructor(reason, argument, words = WORDS[reason]) {
    super(argument === undefined ? `Bulk: ${words}.` : `Bulk: ${argument}: ${words}. Nothing was sent.`);
    this.reason = reason;
    if (argument !== undefined) this.argument = argument;
  }
}
Object.defineProperty(BulkError.prototype, "name", { value: "BulkError", configurable: true, writable: true });

/** Each option with what it must be. */
const isFunction = (value) => typeof value === "function";
const isWhole = (value, from, to) => Number.isSafeInteger(value) && value >= from && value <= to;
const OPTIONS = {
  checkpoint: ["an object with the methods load and append", (value) => isFunction(value?.load) && isFunction(value?.append)],
  concurrency: [`a whole number from 1 to ${MAX_CONCURRENCY}`, (value) => isWhole(value, 1, MAX_CONCURRENCY)],
  customer: ["a function", isFunction],
  job: ["a string that is not empty", (value) => typeof value === "string" && value !== ""],
  key: ["a function", isFunction],
  onProgress: ["a function", isFunction],
  onResult: ["a function", isFunction],
  patch: ["a function", isFunction],
  signal: ["an AbortSignal", (value) => isFunction(value?.addEventListener) && isFunction(value?.removeEventListener)],
  total: ["a whole number from 0", (value) => isWhole(value, 0, Infinity)],
};

const READING = ["concurrency", "onProgress", "onResult", "signal", "total"];
const WRITING = [...READING, "checkpoint", "job", "key"];

const CREATE = {
  method: "createCustomer",
  done: "created",
  options: [...WRITING, "customer"],
  required: ["job", "key"],
  isWrite: true,
  /** What the method is called with, before its options. */
  arguments: async (row, { customer }) => [customer === undefined ? row : await customer(row)],
};

const PATCH = {
  method: "patchCustomer",
  done: "patched",
  options: [...WRITING, "patch"],
  required: ["job", "key"],
  isWrite: true,
  arguments: async (row, options) => {
    const { id, patch } = Object(options.patch === undefined ? row : await options.patch(row));
    return [id, patch];
  },
};

const GET = {
  method: "getCustomer",
  done: "found",
  options: READING,
  required: [],
  isWrite: false,
  arguments: async (id) => [id],
};

/** Creates a customer for each row. */
export async function createCustomers(api, source, options) {
  return run(CREATE, api, source, options);
}

/** Patches a customer for each row. */
export async function patchCustomers(api, source, options) {
  return run(PATCH, api, source, options);
}

/** Reads a customer for each id. */
export async function getCustomers(api, ids, options) {
  return run(GET, api, ids, options);
}

async function run(operation, api, source, given) {
  const options = checkArguments(operation, api, source, given);
  throwIfAborted(options.signal);
  const journal = operation.isWrite ? await Journal.load(operation, options) : undefined;
  return new Run(operation, api, source, options, journal).settle();
}

/** The options as they are now: what the caller changes later has no effect. */
function checkArguments(operation, api, source, given) {
  if (!isFunction(api?.[operation.method])) {
    throw new BulkError("invalid_argument", "api", `expected a CustomersApi, or an object with its method ${operation.method}`);
  }
  if (typeof source === "string" || !(isFunction(source?.getReader) || source?.[Symbol.asyncIterator] || source?.[Symbol.iterator])) {
    const name = operation.isWrite ? "source" : "ids";
    throw new BulkError("invalid_argument", name, "expected an iterable, an async iterable or a ReadableStream");
  }
  const options = { ...given };
  for (const [name, value] of Object.entries(options)) {
    const argument = /^\w{1,40}$/.test(name) ? `options.${name}` : "options";
    if (!operation.options.includes(name)) {
      throw new BulkError("invalid_argument", argument, `unknown option, expected one of ${operation.options.join(", ")}`);
    }
    const [expected, fits] = OPTIONS[name];
    if (value !== undefined && !fits(value)) throw new BulkError("invalid_argument", argument, `expected ${expected}`);
  }
  for (const name of operation.required) {
    if (options[name] === undefined) throw new BulkError("invalid_argument", `options.${name}`, `missing, expected ${OPTIONS[name][0]}`);
  }
  return options;
}

function throwIfAborted(signal) {
  if (signal?.aborted) throw signal.reason;
}

/** One run from its first row to its result. */
class Run {
  #operation;
  #api;
  #options;
  #journal;
  #reader;
  #concurrency;
  #progress;
  #counts;
  /** How many rows are at work: identified, not yet reported. */
  #busy = 0;
  /** Rows whose outcome is unknown, to be sent once more under their key. */
  #unresolved = [];
  #isReading = false;
  #isAtEnd = false;
  #isSettled = false;
  /** Why the run ends early: the first reason counts. @type {{ error: unknown } | undefined} */
  #stopped;
  #resolve;
  #reject;

  constructor(operation, api, source, options, journal) {
    this.#operation = operation;
    this.#api = api;
    this.#options = options;
    this.#journal = journal;
    this.#reader = readerOf(source);
    this.#concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
    this.#counts = { total: 0, [operation.done]: 0, failed: 0, unknown: 0, skipped: 0 };
    this.#progress = new Progress(options.total ?? source.length ?? source.size);
  }

  settle() {
    const { signal } = this.#options;
    return new Promise((resolve, reject) => {
      const onAbort = () => this.#stop(signal.reason);
      const settleBy = (end) => (value) => {
        signal?.removeEventListener("abort", onAbort);
        end(value);
      };
      this.#resolve = settleBy(resolve);
      this.#reject = settleBy(reject);
      signal?.addEventListener("abort", onAbort);
      if (signal?.aborted) onAbort();
      else this.#advance();
    });
  }

  #stop(error) {
    this.#stopped ??= { error };
    this.#advance();
  }

  /** Starts all that can be started now. Called whenever something has ended. */
  #advance() {
    const isEnding = () => this.#stopped !== undefined || this.#isAtEnd;
    const hasRoom = () => this.#busy < this.#concurrency;
    while (hasRoom() && this.#unresolved.length > (isEnding() ? 0 : MAX_UNRESOLVED)) {
      const item = this.#unresolved.shift();
      this.#work(() => (this.#stopped ? this.#report(item, { outcome: "unknown", error: item.error }, "unknown") : this.#send(item)));
    }
    if (!isEnding() && !this.#isReading && hasRoom()) this.#read();
    if (isEnding() && this.#busy === 0 && !this.#isSettled) this.#end();
  }

  #work(task) {
    this.#busy += 1;
    task()
      .catch((error) => this.#stop(error))
      .finally(() => {
        this.#busy -= 1;
        this.#advance();
      });
  }

  /** Reads one row. The next is read when there is room for it. */
  async #read() {
    this.#isReading = true;
    try {
      const { done, value } = await this.#reader.read();
      if (done) this.#isAtEnd = true;
      else if (!this.#stopped) {
        const item = await this.#identify(value);
        if (!this.#stopped) this.#work(() => this.#take(item));
      }
    } catch (error) {
      this.#stopped ??= { error };
    }
    this.#isReading = false;
    this.#advance();
  }

  /** Numbers a row and finds its key: one row after another, so that of two with one key the second is rejected. */
  async #identify(row) {
    const item = { row, index: this.#counts.total++ };
    if (this.#journal) Object.assign(item, await this.#journal.identify(this.#options.key(row)));
    return item;
  }

  async #take(item) {
    if (item.invalid) return this.#report(item, { outcome: "failed", error: item.invalid });
    if (item.isDone) return this.#report(item, { outcome: "skipped" });
    // Before the row is mapped: a row that is not sent needs no body.
    if (isExpired(item)) return this.#report(item, { outcome: "unknown", error: new BulkError("key_expired") });
    item.arguments = await this.#operation.arguments(item.row, this.#options);
    if (!this.#stopped) await this.#send(item);
  }

  async #send(item) {
    const { method, done } = this.#operation;
    const isAgain = item.error !== undefined;
    if (isAgain && isExpired(item)) return this.#report(item, { outcome: "unknown", error: item.error }, "unknown");
    const mayBeDone = item.sentAt !== undefined;
    if (this.#journal && !isAgain) {
      item.sentAt ??= Date.now();
      await this.#journal.append(item.key, "sending");
    }
    let customer;
    try {
      const { signal } = this.#options;
      customer = await this.#api[method](...item.arguments, { signal, ...(this.#journal && { idempotencyKey: item.key }) });
    } catch (error) {
      const state = this.#operation.isWrite ? stateAfter(error, mayBeDone) : error?.outcome === "unknown" ? "unknown" : "rejected";
      // The client has spent its own retries. The row is sent once more, at the end of the run, under the same key.
      if (error?.outcome === "unknown" && !isAgain && !this.#stopped) {
        item.error = error;
        this.#unresolved.push(item);
        return;
      }
      return this.#report(item, { outcome: state === "unknown" ? "unknown" : "failed", error }, state);
    }
    return this.#report(item, { outcome: done, customer }, "done");
  }

  /**
   * Counts and reports a row. It is recorded as done after `onResult` has returned, so that a row that a later
   * run skips has been reported; what a later run sends again is recorded first.
   */
  async #report(item, result, state) {
    const { onResult } = this.#options;
    this.#counts[result.outcome] += 1;
    if (state !== "done") await this.#record(item, state);
    await onResult?.({ row: item.row, index: item.index, ...result });
    if (state === "done") await this.#record(item, state);
    await this.#reportProgress(false);
  }

  async #record(item, state) {
    if (this.#journal && state) await this.#journal.append(item.key, state);
  }

  async #reportProgress(isLast) {
    const { onProgress } = this.#options;
    const { total: _, [this.#operation.done]: done, failed, unknown, skipped } = this.#counts;
    if (onProgress && this.#progress.isDue(isLast)) {
      await onProgress({ done, failed, unknown, skipped, ...this.#progress.measure(done + failed + unknown + skipped) });
    }
  }

  async #end() {
    this.#isSettled = true;
    if (this.#stopped) {
      const closing = this.#reader.close();
      // A source that is being read may never give its row.
      if (!this.#isReading) await closing;
      return this.#reject(this.#stopped.error);
    }
    this.#reportProgress(true).then(() => this.#resolve(this.#counts), this.#reject);
  }
}

/** Whether the API may have forgotten the key that a row of unknown outcome was sent under. */
function isExpired({ sentAt }) {
  return sentAt !== undefined && Date.now() - sentAt > KEY_LIFE_MS;
}

/** Codes, else slugs, of a 409 or 422 that rejects the key and not the request (BEHAVIOUR 8); without either it may do so. */
const ABOUT_THE_KEY = ["IDEMPOTENCY_INVALID_REUSE", "IDEMPOTENCY_CONCURRENT_USE", "unprocessable-entity", "conflict", ""];

/**
 * What becomes of a row whose call failed: `unknown`, it may have been done; `rejected`, its key is spent, since
 * the API replays the stored response; `not_done`, nothing was done and the key can be used again.
 *
 * @param {any} error
 * @param {boolean} mayBeDone whether an earlier call under the same key may have been handled
 */
function stateAfter(error, mayBeDone) {
  const { outcome, status, code, type } = Object(error);
  if (outcome !== "not_sent" && outcome !== "rejected") return "unknown";
  // The key has served another request, or still does; how that one ended is not said.
  const isAboutTheKey = ABOUT_THE_KEY.includes(code ?? String(type ?? "").split("/").pop());
  if (isAboutTheKey && (status === 409 || status === 422)) return "unknown";
  // As within one call (src/policy/outcome.rs): only these are responses to the request itself.
  if (mayBeDone && status !== 400 && status !== 404) return "unknown";
  return outcome === "not_sent" || status === 429 ? "not_done" : "rejected";
}

/** Reads any source a row at a time. */
function readerOf(source) {
  if (isFunction(source.getReader)) {
    const reader = source.getReader();
    return { read: () => reader.read(), close: () => reader.cancel().catch(() => {}) };
  }
  const iterator = source[Symbol.asyncIterator]?.() ?? source[Symbol.iterator]();
  let isOver = false;
  return {
    async read() {
      try {
        const { done, value } = await iterator.next();
        isOver = done === true;
        return { done, value: isOver ? undefined : await value };
      } catch (error) {
        // An iterator that has failed is not closed, as by `for await`.
        isOver = true;
        throw error;
      }
    },
    async close() {
      try {
        if (!isOver) await iterator.return?.();
      } catch {
        // The run has failed already, and its error is the one that counts.
      }
    },
  };
}

/** The rate of a run, and when it will end. */
class Progress {
  #expected;
  #marks = [[Date.now(), 0]];

  /** @param {number | undefined} expected how many rows there are, if that is known */
  constructor(expected) {
    this.#expected = typeof expected === "number" ? expected : undefined;
  }

  isDue(isLast) {
    return isLast || Date.now() - this.#marks[this.#marks.length - 1][0] >= PROGRESS_INTERVAL_MS;
  }

  measure(settled) {
    const now = Date.now();
    this.#marks.push([now, settled]);
    if (this.#marks.length > PROGRESS_INTERVALS + 1) this.#marks.shift();
    const [since, before] = this.#marks[0];
    const ratePerSecond = now > since ? ((settled - before) * 1000) / (now - since) : 0;
    const left = this.#expected === undefined ? NaN : Math.max(0, this.#expected - settled);
    const ms = left === 0 ? 0 : (left / ratePerSecond) * 1000;
    return { ratePerSecond, estimatedEnd: Number.isFinite(ms) ? new Date(now + ms) : undefined };
  }
}

const SEEN = 1;
const DONE = 2;
const REJECTED = 4;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const STATES = ["sending", "done", "rejected", "not_done", "unknown"];

/** What earlier runs recorded of the rows, and the rows that this one has met. */
class Journal {
  #scope;
  #checkpoint;
  #sha256 = digestFunction();
  #keys = new KeyTable();
  /** When the keys whose outcome is unknown were first sent. @type {Map<string, number>} */
  #sentAt = new Map();

  static async load(operation, { job, checkpoint, signal }) {
    const journal = new Journal();
    journal.#scope = ["synctera-customers/bulk", operation.method, job];
    journal.#checkpoint = checkpoint;
    if (checkpoint) {
      for await (const entry of checkpoint.load()) {
        throwIfAborted(signal);
        journal.#restore(entry);
      }
    }
    return journal;
  }

  #restore(entry) {
    const { key, state, at } = Object(entry);
    const time = Date.parse(at);
    if (typeof key !== "string" || !UUID.test(key) || !STATES.includes(state) || Number.isNaN(time)) throw new BulkError("unreadable_journal");
    if (state === "sending" || state === "unknown") {
      if (!this.#sentAt.has(key)) this.#sentAt.set(key, time);
      return;
    }
    this.#sentAt.delete(key);
    if (state !== "not_done") this.#keys.add(wordsOf(key), state === "done" ? DONE : REJECTED);
  }

  /** The key to send a row under and what is known of it. A key that was rejected is followed by the next revision's. */
  async identify(rowKey) {
    if (typeof rowKey !== "string" || rowKey === "") return { invalid: new BulkError("invalid_key") };
    let key = await this.#keyOf(rowKey, 0);
    let known = this.#keys.add(wordsOf(key), SEEN);
    if (known & SEEN) return { invalid: new BulkError("duplicate_key") };
    for (let revision = 1; known & REJECTED; revision += 1) {
      key = await this.#keyOf(rowKey, revision);
      known = this.#keys.get(wordsOf(key));
    }
    const sentAt = this.#sentAt.get(key);
    this.#sentAt.delete(key);
    return { key, isDone: (known & DONE) !== 0, sentAt };
  }

  /** A UUID of version 8: 122 bits of a SHA-256. The API recommends UUIDs as keys. */
  async #keyOf(rowKey, revision) {
    const text = JSON.stringify([...this.#scope, rowKey, revision]);
    const bytes = new Uint8Array(await this.#sha256(text));
    bytes[6] = 0x80 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    const words = new DataView(bytes.buffer);
    const hex = [0, 4, 8, 12].map((at) => words.getUint32(at).toString(16).padStart(8, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  async append(key, state) {
    await this.#checkpoint?.append({ key, state, at: new Date().toISOString() });
  }
}

/**
 * The SHA-256 of a text, as a function of the host. WebCrypto makes each digest in another thread, for which a row
 * that is skipped would wait five times as long as for all else; `node:crypto` returns it at once.
 *
 * @returns {(text: string) => ArrayBuffer | Uint8Array | Promise<ArrayBuffer>}
 */
function digestFunction() {
  const createHash = nodeModule("node:crypto")?.createHash;
  if (createHash) return (text) => createHash("sha256").update(text).digest();
  if (!globalThis.crypto?.subtle) throw new BulkError("no_webcrypto");
  return (text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}

/** A key as four numbers of 32 bits. */
function wordsOf(key) {
  const hex = key.replaceAll("-", "");
  return [0, 8, 16, 24].map((at) => parseInt(hex.slice(at, at + 8), 16));
}

/**
 * Keys with flags. 17 bytes a place, of which at most three in four are taken: a `Map` of strings would take
 * more than a hundred for each key, and a million rows should not.
 */
class KeyTable {
  #words = new Uint32Array(4 * 1024);
  /** 0 where a place is empty. */
  #flags = new Uint8Array(1024);
  #size = 0;

  get(words) {
    return this.#flags[this.#placeOf(words)];
  }

  /** Adds flags to a key, and returns those that it had. */
  add(words, flags) {
    const place = this.#placeOf(words);
    const before = this.#flags[place];
    this.#flags[place] |= flags;
    if (before === 0) {
      this.#words.set(words, 4 * place);
      this.#size += 1;
      if (this.#size > this.#flags.length * 0.75) this.#grow();
    }
    return before;
  }

  /** Where a key is, or would be. The keys are hashes: their bits are as good as random. */
  #placeOf(words) {
    const mask = this.#flags.length - 1;
    let place = words[0] & mask;
    while (this.#flags[place] !== 0 && !words.every((word, at) => this.#words[4 * place + at] === word)) place = (place + 1) & mask;
    return place;
  }

  #grow() {
    const [words, flags] = [this.#words, this.#flags];
    this.#words = new Uint32Array(2 * words.length);
    this.#flags = new Uint8Array(2 * flags.length);
    for (let place = 0; place < flags.length; place += 1) {
      if (flags[place] === 0) continue;
      const key = [...words.subarray(4 * place, 4 * place + 4)];
      const next = this.#placeOf(key);
      this.#flags[next] = flags[place];
      this.#words.set(key, 4 * next);
    }
  }
}

/** How a line of a journal starts. */
const LINE_START = '{"key":"';

/** A journal in a file, for Node, Deno and Bun: a line for each entry. */
export function fileCheckpoint(path) {
  if (path === "" || (typeof path !== "string" && typeof path?.href !== "string")) {
    throw new BulkError("invalid_argument", "path", "expected the path of a file, as a string or a file: URL");
  }
  let lines = "";
  /** Whether the file may end in half a line, which a crash or a full disk leaves. */
  let isTorn = true;
  let current = Promise.resolve();
  /** The write that takes what is added now. */
  let next;

  async function write() {
    const text = (isTorn ? "\n" : "") + lines;
    [lines, next, isTorn] = ["", undefined, true];
    const file = await nodeFs().promises.open(path, "a", 0o600);
    try {
      await file.appendFile(text);
      // On the disk before the row is sent: a journal that a power cut shortens forgets what was done.
      await file.datasync();
    } finally {
      await file.close();
    }
    isTorn = false;
  }

  return {
    async *load() {
      let rest = "";
      try {
        for await (const chunk of nodeFs().createReadStream(path, "utf8")) {
          const parts = (rest + chunk).split("\n");
          rest = parts.pop();
          yield* parts.flatMap(entriesOf);
        }
      } catch (error) {
        // The first run finds no file.
        if (error?.code !== "ENOENT") throw error;
      }
      yield* entriesOf(rest);
    },

    /** Entries that are added while a write is under way share the next one, and so the wait for the disk. */
    append({ key, state, at }) {
      lines += `${JSON.stringify({ key, state, at })}\n`;
      if (next === undefined) current = next = current.then(write, write);
      return next;
    },
  };
}

/** The entry of a line, if it has one. A line that a crash has cut off has none. */
function entriesOf(line) {
  // A power cut may leave zeros where a line should be.
  const text = line.replaceAll("\0", "").trim();
  if (text === "") return [];
  try {
    return [JSON.parse(text)];
  } catch {
    if (text.startsWith(LINE_START) || LINE_START.startsWith(text)) return [];
    throw new BulkError("unreadable_journal");
  }
}

function nodeFs() {
  const fs = nodeModule("node:fs");
  if (!fs) throw new BulkError("no_files");
  return fs;
}

/** A module of Node, where the host has it. Not imported: no bundler follows it into a page's bundle. */
function nodeModule(name) {
  return globalThis.process?.getBuiltinModule?.(name);
}
