// How fast the sandbox in process starts and answers.
import { rounded } from "../harness/statistics.js";
import { PROGRAMS } from "../runtimes.mjs";

export const name = "testing";
export const title = "the sandbox in process";

/** Fresh processes. */
const ROUNDS = 5;

/** @param {import("../bench.mjs").Bench} bench */
export async function measure(bench) {
  const results = {};
  for (const runtime of bench.runtimes().filter((name) => PROGRAMS[name])) {
    const runs = [];
    for (let round = 0; round < (bench.quick ? 1 : ROUNDS); round += 1) {
      const { load, starts, perSecond } = await bench.script(runtime, ["drivers/testing.mjs"]);
      runs.push({ load: rounded(load), empty: rounded(starts.empty), full: rounded(starts.full), ...perSecond });
    }
    const columns = Object.keys(runs[0]);
    results[runtime] = Object.fromEntries(columns.map((column) => [column, runs.map((run) => run[column])]));
  }
  return results;
}
