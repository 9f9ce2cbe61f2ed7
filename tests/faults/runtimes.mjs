// Where the laboratory is set up: each runtime runs it from the installed package.
import { cp, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { BUN, DENO, node, runProgram } from "../runtimes/programs.mjs";
import { scenarioOf } from "../runtimes/show.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** How long a page may take for the whole table. */
const PATIENCE_MS = 300_000;

/** @type {Record<string, (consumer: string, settings: object) => Promise<import("./laboratory.js").Observation[]>>} */
export const RUNTIMES = {
  Node: program(process.execPath, []),
  Deno: program(DENO, ["run", "--no-prompt", "--allow-env", "--allow-net=127.0.0.1"]),
  Bun: program(BUN, ["run", "--no-install"]),
  workerd: inWorkerd,
  Chromium: inChromium,
};

/** Puts the laboratory next to the installed package, where its imports are resolved. */
export async function install(consumer) {
  const folder = `${consumer}/faults`;
  await cp(here("."), folder, { recursive: true });
  return folder;
}

function program(path, args) {
  return async (consumer, settings) => {
    const script = `${await install(consumer)}/drivers/program.mjs`;
    return runProgram(path, [...args, script], consumer, { settings: JSON.stringify(settings) });
  };
}

async function inWorkerd(consumer, settings) {
  const bundle = await bundled("worker", consumer, {
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    // The module becomes a file next to the bundle, which goes on importing it.
    loader: { ".wasm": "copy" },
  });
  const more = { bundle, settings: JSON.stringify(settings) };
  return runProgram(node(24), [here("drivers/workerd.mjs")], consumer, more);
}

async function inChromium(consumer, settings) {
  const script = await bundled("page", consumer, {});
  const files = async (path) => (path === "/page.js" ? readFile(script) : undefined);
  const { results } = await scenarioOf("chromium", { scripts: ["/page.js"] }, files, settings, PATIENCE_MS);
  return results;
}

async function bundled(driver, consumer, options) {
  const folder = await install(consumer);
  const outfile = `${folder}/bundles/${driver}.js`;
  await build({
    entryPoints: [`${folder}/drivers/${driver}.mjs`],
    bundle: true,
    outfile,
    absWorkingDir: consumer,
    logLevel: "error",
    ...options,
  });
  return outfile;
}
