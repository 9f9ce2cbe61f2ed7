// What a call costs, against a response that is there at once.
import { OURS_CHECKED } from "../clients.mjs";

export const name = "calls";
export const title = "cost per call with a stubbed fetch";

const OPERATIONS = ["get", "create", "list"];

/** @param {import("../bench.mjs").Bench} bench */
export async function measure(bench) {
  const results = {};
  for (const runtime of bench.runtimes()) {
    const clients = bench.names({ light: runtime !== "Node" });
    const { schedule } = bench.settings;
    await judge(bench, runtime, clients);
    results[runtime] = {};
    for (const operation of OPERATIONS) {
      // What `onSchemaDrift` adds is measured where it is most: on a page.
      const taking = clients.filter((client) => operation === "list" || client !== OURS_CHECKED);
      results[runtime][operation] = await bench.run(runtime, { task: "calls", clients: taking, operation, schedule });
    }
  }
  return results;
}

/** A case that does not do what it is measured for would be measured in vain. */
async function judge(bench, runtime, clients) {
  const faults = await bench.run(runtime, { task: "faults", clients });
  if (faults.length > 0) throw new Error(`in ${runtime}: ${faults.join("; ")}`);
}
