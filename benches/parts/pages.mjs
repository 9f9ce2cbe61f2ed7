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
  const { schedule, pageProcesses } = bench.settings;
  const clients = [RAW, OURS, OURS_CHECKED];
  const all = Object.fromEntries(clients.map((client) => [client, []]));
  for (let process = 0; process < pageProcesses; process += 1) {
    const rounds = Math.ceil(schedule.rounds / pageProcesses);
    // A batch of the largest is one call, and takes longer than a batch shall.
    const samples = pageSize < 1_000 ? schedule.samples : Math.ceil(schedule.samples / 2);
    const work = { task: "calls", clients, operation: "list", pageSize, schedule: { ...schedule, rounds, samples } };
    for (const [client, times] of Object.entries(await bench.run("Node", work))) all[client].push(...times);
  }
  return all;
}
