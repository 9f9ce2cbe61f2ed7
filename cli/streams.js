// The standard streams: data on stdout, all else on stderr.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { addAbortSignal } from "node:stream";
import { EXIT, UsageError } from "./exit.js";

/** Ends the program without a message when the reader of its output closes the pipe, as `head` does. */
export function endOnClosedPipe() {
  process.stdout.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
    process.exit(error.code === "EPIPE" ? EXIT.ok : EXIT.failed);
  });
  // A closed stderr does not stop the command.
  process.stderr.on("error", () => {});
}

/**
 * Writes text to stdout, with backpressure.
 *
 * @param {AsyncIterable<string> | Iterable<string>} pieces
 */
export async function writeOut(pieces) {
  for await (const piece of pieces) {
    if (!process.stdout.write(piece)) await once(process.stdout, "drain");
  }
}

/**
 * The text of a file, or of stdin for `-`.
 *
 * @param {string} file
 * @param {AbortSignal} signal
 */
export async function readText(file, signal) {
  if (file !== "-") return (await readBytes(file)).toString("utf8");
  return (await readStdin(signal)).toString("utf8");
}

/**
 * The bytes of a file. Its name is not repeated: it may say whose data it holds.
 *
 * @param {string} file
 */
export async function readBytes(file) {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`The file cannot be read: ${error.code ?? "unknown reason"}.`);
  }
}

/**
 * All bytes of stdin.
 *
 * @param {AbortSignal} signal
 */
export async function readStdin(signal) {
  const chunks = [];
  for await (const chunk of addAbortSignal(signal, process.stdin)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
