// Messages and the progress line. Both go to stderr; neither holds personal data.

/** How often the progress line changes, in milliseconds. */
const INTERVAL_MS = 100;

export class Messages {
  #isQuiet;
  #hasProgress;
  #isShown = false;
  #nextMs = 0;

  /** @param {{ quiet?: boolean }} options */
  constructor({ quiet = false } = {}) {
    this.#isQuiet = quiet;
    // Only on a terminal: in a log, each state of the line would be a line.
    this.#hasProgress = !quiet && Boolean(process.stderr.isTTY);
  }

  /**
   * Writes a line, unless `--quiet` was given.
   *
   * @param {string} text
   */
  say(text) {
    if (!this.#isQuiet) this.#write(text);
  }

  /**
   * Writes a line in any case.
   *
   * @param {string} text
   */
  fail(text) {
    this.#write(text);
  }

  /**
   * Replaces the progress line.
   *
   * @param {() => string} text called only when the line is due
   */
  progress(text) {
    const now = Date.now();
    if (!this.#hasProgress || now < this.#nextMs) return;
    this.#nextMs = now + INTERVAL_MS;
    this.#isShown = true;
    process.stderr.write(`\r${text()}\x1b[K`);
  }

  /** Removes the progress line. */
  clear() {
    if (!this.#isShown) return;
    this.#isShown = false;
    process.stderr.write("\r\x1b[K");
  }

  /** @param {string} text */
  #write(text) {
    this.clear();
    process.stderr.write(`${text}\n`);
  }
}
