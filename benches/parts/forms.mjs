// What the other forms of a call cost: with HTTP info, hooks, a logger, limits, and the response checked.
import { CLIENTS, OURS, OURS_CHECKED } from "../clients.mjs";

export const name = "forms";
export const title = "cost of a call by its form";

const FORMS = [OURS, OURS_CHECKED, ...CLIENTS.filter(({ form }) => form).map(({ name }) => name)];
const OPERATIONS = ["get", "create"];

/** @param {import("../bench.mjs").Bench} bench */
export async function measure(bench) {
  const { schedule } = bench.settings;
  const results = {};
  for (const runtime of bench.runtimes()) {
    results[runtime] = {};
    for (const operation of OPERATIONS) {
      results[runtime][operation] = await bench.run(runtime, { task: "calls", clients: FORMS, operation, schedule });
    }
  }
  return results;
}
