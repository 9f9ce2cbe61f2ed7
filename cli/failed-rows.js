// The file of the rows that failed, which can be imported again.
import { open, realpath } from "node:fs/promises";
import { UsageError } from "./exit.js";

/**
 * Empties or makes the file, for its owner only.
 *
 * @param {string | undefined} path without one, nothing is written
 * @param {string} source the file that is imported
 */
export async function openFailedRows(path, source) {
  if (path === undefined) return { add: async () => {}, close: async () => {} };
  if (source !== "-" && (await realpath(path).catch(() => undefined)) === (await realpath(source))) {
    throw new UsageError("--failed names the file that is imported.");
  }
  let file;
  try {
    file = await open(path, "w", 0o600);
  } catch (error) {
    throw new UsageError(`--failed: the file cannot be written: ${error.code ?? "unknown reason"}.`);
  }
  let isEmpty = true;
  let last = Promise.resolve();
  return {
    /**
     * Adds a row, below the header if it is the first.
     *
     * @param {string} header
     * @param {string} text
     */
    add(header, text) {
      const lines = isEmpty ? header + text : text;
      isEmpty = false;
      // Writes are serialised, since rows settle concurrently.
      return (last = last.then(() => file.appendFile(lines)));
    },
    close: () => file.close(),
  };
}
