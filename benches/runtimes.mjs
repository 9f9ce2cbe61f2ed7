// Does a task of `harness/tasks.js` in a runtime. Every runtime gets the same cases and settings.
import { readFile } from "node:fs/promises";
import { BUN, DENO, runProgram } from "../tests/runtimes/programs.mjs";
import { scenarioOf } from "../tests/runtimes/show.mjs";
import { closeBrowsers } from "../tests/runtimes/webdriver.mjs";
import { FOR_WORKERD, bundle } from "./hosts/bundles.mjs";
import { configured, startWorker } from "./hosts/workerd.mjs";
import { race } from "./harness/race.js";

/**
 * @typedef {object} Work
 * @property {string} task
 * @property {string[]} clients the cases that take part
 */

/** How long a page may take. */
const PATIENCE_MS = 300_000;

/** The runtimes that are programs, and what each needs before the script. */
export const PROGRAMS = {
  Node: [process.execPath],
  Deno: [DENO, "run", "--no-prompt", "--allow-env", "--allow-read", "--allow-sys", "--allow-net=127.0.0.1"],
  Bun: [BUN, "run", "--no-install"],
};

/** @type {Record<string, (workbench: string, work: Work) => Promise<any>>} */
export const RUNTIMES = {
  ...Object.fromEntries(Object.keys(PROGRAMS).map((name) => [name, inProgram(name)])),
  workerd: inWorkerd,
  Chromium: inChromium,
};

function inProgram(runtime) {
  return (workbench, work) => run(runtime, workbench, ["drivers/program.mjs"], work);
}

/** Runs a script of the workbench in a runtime that is a program; returns what it prints as JSON. */
export function run(runtime, workbench, [script, ...args], settings = {}, flags = []) {
  const [program, ...before] = PROGRAMS[runtime];
  return runProgram(program, [...before, ...flags, `${workbench}/${script}`, ...args], workbench, {
    settings: JSON.stringify(settings),
  });
}

async function inWorkerd(workbench, { task, clients, operation, schedule }) {
  const start = "export default main(cases);";
  const worker = await startWorker(
    await configured(await bundle(workbench, "worker", clients, { start, esbuild: FOR_WORKERD })),
  );
  try {
    if (task === "faults") return JSON.parse(await worker.ask({ faults: true }));
    return await race(
      clients.map((client) => ({
        name: client,
        async batch(count) {
          const begin = performance.now();
          await worker.ask({ client, operation, count });
          return performance.now() - begin;
        },
      })),
      // The request itself takes part of a millisecond: little next to a longer batch.
      { ...schedule, sampleMs: schedule.sampleMs * 5 },
    );
  } finally {
    await worker.stop();
  }
}

async function inChromium(workbench, { clients, ...settings }) {
  const script = await bundle(workbench, "page", clients);
  const files = async (path) => (path === "/page.js" ? readFile(script) : undefined);
  const { results } = await scenarioOf("chromium", { scripts: ["/page.js"] }, files, settings, PATIENCE_MS);
  return results;
}

/** Ends what was started for several tasks. */
export const closeRuntimes = closeBrowsers;
