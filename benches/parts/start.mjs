// How long a fresh process takes from the import of a client to the end of its first call.
import { OURS_CHECKED } from "../clients.mjs";
import { FOR_WORKERD, bundle } from "../hosts/bundles.mjs";
import { configured, startWorker } from "../hosts/workerd.mjs";
import { rounded } from "../harness/statistics.js";
import { shuffled } from "../harness/race.js";
import { PROGRAMS } from "../runtimes.mjs";

export const name = "start";
export const title = "cold start in fresh processes";

/** @param {import("../bench.mjs").Bench} bench */
export async function measure(bench) {
  const clients = bench.names().filter((client) => client !== OURS_CHECKED);
  const starts = {};
  const module = {};
  for (const runtime of bench.runtimes()) {
    if (runtime === "workerd") starts[runtime] = await inTurns(bench, clients, await startOfWorkers(bench, clients));
    if (!PROGRAMS[runtime]) continue;
    const start = (client) => bench.script(runtime, ["drivers/start.mjs", client]);
    starts[runtime] = await inTurns(bench, clients, start);
    module[runtime] = await moduleAlone(bench, runtime);
  }
  return { starts, module };
}

/** Milliseconds of each start by client. */
async function inTurns({ settings }, clients, start) {
  const results = Object.fromEntries(clients.map((client) => [client, []]));
  // Once for the caches of the disk, and of those runtimes that keep what they have compiled.
  for (const client of clients) await start(client);
  for (let round = 0; round < settings.starts; round += 1) {
    for (const client of shuffled(clients)) results[client].push(rounded(await start(client)));
  }
  return results;
}

/** From the start of workerd itself to the response to the first request. */
async function startOfWorkers({ workbench }, clients) {
  const configurations = new Map();
  for (const client of clients) {
    const options = { name: `start-${client}`, start: "export default main(cases);", esbuild: FOR_WORKERD };
    configurations.set(client, await configured(await bundle(workbench, "worker", [client], options)));
  }
  return async (client) => {
    const begin = performance.now();
    const worker = await startWorker(configurations.get(client));
    await worker.ask({ client, operation: "get", count: 1 });
    const ms = performance.now() - begin;
    await worker.stop();
    return ms;
  };
}

/** Milliseconds to compile and to instantiate this package's module. */
async function moduleAlone(bench, runtime) {
  const results = { compile: [], instantiate: [] };
  for (let round = 0; round < bench.settings.starts; round += 1) {
    const { compile, instantiate } = await bench.script(runtime, ["drivers/module.mjs"]);
    results.compile.push(rounded(compile));
    results.instantiate.push(rounded(instantiate));
  }
  return results;
}
