// Does a task of `harness/tasks.js` in a runtime. Every runtime gets the same cases and settings.
import { BUN, DENO, runProgram } from "../tests/runtimes/programs.mjs";

/** @type {Record<string, (workbench: string, work: Work) => Promise<any>>} */
export const RUNTIMES = {
  Node: program(process.execPath, []),
  Deno: program(DENO, ["run", "--no-prompt", "--allow-env", "--allow-read", "--allow-sys", "--allow-net=127.0.0.1"]),
  Bun: program(BUN, ["run", "--no-install"]),
};

/**
 * @typedef {object} Work
 * @property {string} task
 * @property {string[]} clients the cases that take part
 */

function program(path, args) {
  return (workbench, work) =>
    runProgram(path, [...args, `${workbench}/drivers/program.mjs`], workbench, {
      settings: JSON.stringify(work),
    });
}

/** Ends what was started for several tasks. */
export async function closeRuntimes() {}
