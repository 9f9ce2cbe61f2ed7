// Before something is written to production.
import { createInterface } from "node:readline/promises";
import { isProduction, serverOf } from "./connection.js";
import { UsageError } from "./exit.js";

/**
 * Returns when the write is meant: on another server, with `--yes`, or after a yes on the terminal.
 *
 * @param {import("./options.js").Options} options
 * @param {string} what the command does, such as "create a customer"
 * @param {AbortSignal} signal
 */
export async function confirmWrite(options, what, signal) {
  if (options.yes || !isProduction(serverOf(options))) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageError(`This would ${what} in production: give --yes if that is meant. Nothing was sent.`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // In raw mode the terminal gives Ctrl+C to readline, not to the process.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    const answer = await terminal.question(`This will ${what} in production. Continue? [y/N] `, { signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError("Nothing was sent.");
  } finally {
    terminal.close();
  }
}
