// An example as a user has it: its own folder with the packed package installed, bundled by the
// wrangler that its package.json names.
import { cp, mkdir, readFile, readdir, rm, symlink } from "node:fs/promises";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../bundlers/app.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const TYPES = "@cloudflare/workers-types";

/** The folder of an example. */
export const exampleFolder = (name) => here(`../../examples/${name}`);

/**
 * Copies an example below the project in which the packed package is installed, where it finds it.
 *
 * @param {string} example its name
 * @param {string} [name] of the copy, which replaces any of this name
 * @returns {Promise<string>} the copy's folder
 */
export async function copyExample(example, name = example) {
  const app = `${process.env.CONSUMER}/${name}`;
  await rm(app, { recursive: true, force: true });
  await cp(exampleFolder(example), app, { recursive: true, filter: (path) => !/node_modules|\.wrangler|\.dev\.vars$/.test(path) });
  await mkdir(`${app}/node_modules/@cloudflare`, { recursive: true });
  await symlink(here(`../packaging/node_modules/${TYPES}`), `${app}/node_modules/${TYPES}`);
  return app;
}

/**
 * Bundles a Worker as a deployment would.
 *
 * @param {string} app
 * @param {string} [entry] another than the one that wrangler.jsonc names
 * @returns {Promise<{ root: string, modules: { type: string, path: string }[], date: string }>} for Miniflare
 */
export async function buildWorker(app, entry = "src/worker.ts") {
  const root = `${app}/dist-${entry.replace(/\W+/g, "-")}`;
  await run(app, `wrangler deploy ${entry} --dry-run --outdir ${root}`);
  const main = entry.replace(/^.*\/|\.ts$/g, "");
  const kinds = { ".js": "ESModule", ".wasm": "CompiledWasm" };
  const files = (await readdir(root)).filter((file) => kinds[extname(file)]);
  // The first module is the Worker.
  files.sort((a, b) => (b === `${main}.js`) - (a === `${main}.js`));
  const modules = files.map((file) => ({ type: kinds[extname(file)], path: `${root}/${file}` }));
  const [, date] = /"compatibility_date": "([\d-]+)"/.exec(await readFile(`${app}/wrangler.jsonc`, "utf8"));
  return { root, modules, date };
}
