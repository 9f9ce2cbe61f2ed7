// What many calls at a time cost on one client: time, and memory while they wait.
import { OURS, OURS_CHECKED, RAW } from "../clients.mjs";

export const name = "in-flight";
export const title = "time and memory by the number of calls under way";

/** @param {import("../bench.mjs").Bench} bench */
export async function measure(bench) {
  const { schedule, flightSizes: sizes, pendingCalls, memoryRounds } = bench.settings;
  const time = await bench.run("Node", {
    task: "flights",
    clients: [RAW, OURS],
    sizes,
    // So that a batch holds several of the largest groups.
    schedule: { ...schedule, sampleMs: schedule.sampleMs * 6, samples: Math.ceil(schedule.samples / 2) },
  });
  const memory = { pending: pendingCalls, bytes: {} };
  for (const client of bench.names().filter((client) => client !== OURS_CHECKED)) {
    memory.bytes[client] = [];
    for (let round = 0; round < memoryRounds; round += 1) {
      memory.bytes[client].push(await bench.script("Node", ["drivers/memory.mjs", client], { pendingCalls }, ["--expose-gc"]));
    }
  }
  return { time: bySize(time), memory };
}

/** The rounds by client and size; a task names both in one. */
function bySize(time) {
  const results = {};
  for (const [runner, rounds] of Object.entries(time)) {
    const [client, size] = runner.split(" ");
    (results[client] ??= {})[size] = rounds;
  }
  return results;
}
