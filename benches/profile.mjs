// What a task's time goes to in Node, by its own profiler.
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { run } from "./runtimes.mjs";

/** Whose a function is, by where it stands; the first that fits. What is left is V8's and the system's. */
const OWNERS = [
  ["the client's JavaScript, with `JSON.parse` if it calls that", /\/cases\/|\/node_modules\//],
  ["Node's `fetch`", /^node:internal\/deps\/undici\//],
  ["the rest of Node's JavaScript", /^node:/],
  ["the measuring itself", /^file:/],
];
const MODULE = "the client's WebAssembly";
const COLLECTOR = "the garbage collector";
const REST = "native code";

/**
 * The shares of a task's time by who takes it, without the time in which nothing was to do.
 *
 * @param {string} workbench
 * @param {import("./runtimes.mjs").Work} work
 * @returns {Promise<Record<string, number>>} of 1
 */
export async function sharesOf(workbench, work) {
  const folder = await mkdtemp(`${tmpdir()}/profile-`);
  try {
    await run("Node", workbench, ["drivers/program.mjs"], work, ["--cpu-prof", `--cpu-prof-dir=${folder}`]);
    const [file] = await readdir(folder);
    return shares(JSON.parse(await readFile(`${folder}/${file}`, "utf8")));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** @param {{ nodes: any[], samples: number[], timeDeltas: number[] }} profile as V8 writes it */
export function shares({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const taken = Object.fromEntries([...OWNERS.map(([owner]) => owner), MODULE, COLLECTOR, REST].map((owner) => [owner, 0]));
  samples.forEach((id, at) => {
    const owner = ownerOf(byId.get(id));
    if (owner) taken[owner] += timeDeltas[at];
  });
  const all = Object.values(taken).reduce((sum, time) => sum + time, 0);
  return Object.fromEntries(Object.entries(taken).map(([owner, time]) => [owner, time / all]));
}

function ownerOf(node) {
  const { functionName, url } = node.callFrame;
  if (functionName === "(idle)") return undefined;
  if (functionName === "(garbage collector)") return COLLECTOR;
  if (url.startsWith("wasm:")) return MODULE;
  return OWNERS.find(([, place]) => place.test(url))?.[0] ?? REST;
}

/**
 * The lines of a table of shares.
 *
 * @param {Record<string, Record<string, number>>} shares of each client
 */
export function sharesByOwner(shares) {
  const clients = Object.values(shares);
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  return Object.keys(clients[0]).map((owner) => [owner, ...clients.map((share) => percent(share[owner]))]);
}
