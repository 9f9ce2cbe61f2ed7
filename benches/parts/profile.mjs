// What the time of a call goes to in Node.
import { OURS, PREVIOUS, RAW } from "../clients.mjs";
import { sharesOf } from "../profile.mjs";

export const name = "profile";
export const title = "what the time of a call goes to, by Node's profiler";

/** @param {import("../bench.mjs").Bench} bench */
export async function measure(bench) {
  const measured = {};
  const { schedule } = bench.settings;
  const available = bench.names({ light: true });
  for (const operation of ["get", "create"]) {
    measured[operation] = {};
    for (const client of [RAW, OURS, PREVIOUS].filter((one) => available.includes(one))) {
      measured[operation][client] = await sharesOf(bench.workbench, { task: "calls", clients: [client], operation, schedule });
    }
  }
  return measured;
}
