// How the cost of a page grows with its size.
import { OURS, OURS_CHECKED, RAW } from "../clients.mjs";

export const name = "pages";
export const title = "cost by the size of a page";

/** @param {import("../bench.mjs").Bench} bench */
export async function measure(bench) {
  const { pageSizes } = bench.settings;
  const results = {};
  for (const pageSize of pageSizes) results[pageSize] = await inSeveralProcesses(bench, pageSize);
  return results;
}

/**
 * The rounds of several processes: what V8 makes of a loop over large pages differs from one to the
 * next by more than the clients do.
 */
async function inSeveralProcesses(bench, pageSize) {
  const { course, pageProcesses } = bench.settings;
  const clients = [RAW, OURS, OURS_CHECKED];
  const all = Object.fromEntries(clients.map((client) => [client, []]));
  for (let process = 0; process < pageProcesses; process += 1) {
    const rounds = Math.ceil(course.rounds / pageProcesses);
    // A batch of the largest is one call, and takes longer than a batch shall.
    const samples = pageSize < 1_000 ? course.samples : Math.ceil(course.samples / 2);
    const work = { task: "calls", clients, operation: "list", pageSize, course: { ...course, rounds, samples } };
    for (const [client, times] of Object.entries(await bench.run("Node", work))) all[client].push(...times);
  }
  return all;
}
