// What a user downloads: a bundle that can make the five operations.
import { mkdir, readFile, readdir } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { OURS, OURS_CHECKED } from "../clients.mjs";
import { sectionsOf } from "../wasm.mjs";

export const name = "size";
export const title = "bytes of a bundle that uses the five operations";

/** This package's ways to be bundled; the `default` one is how the others' are measured too. */
const ENTRIES = {
  default: { client: OURS },
  workerd: { client: OURS, conditions: ["workerd", "worker", "browser"], loader: { ".wasm": "copy" } },
  slim: { client: "synctera-slim", exports: "open, init" },
};

/** @param {import("../bench.mjs").Bench} bench */
export async function measure(bench) {
  const clients = {};
  for (const client of bench.names().filter((client) => client !== OURS_CHECKED)) {
    clients[client] = await bundled(bench, client, { client });
  }
  const module = await readFile(`${bench.consumer}/node_modules/synctera-customers/dist/synctera_customers.wasm`);
  const entries = {};
  for (const [entry, options] of Object.entries(ENTRIES)) {
    const js = await bundled(bench, `entry-${entry}`, options);
    const plain = await bundled(bench, `entry-${entry}-plain`, { ...options, minify: false });
    entries[entry] = entry === "default" ? { js, plain } : { js, plain, wasm: sizes(module) };
  }
  const sections = sectionsOf(module).map(({ name, bytes }) => ({ name, ...sizes(bytes) }));
  const { CODE_BY_CRATE } = process.env;
  return { clients, entries, sections, floor: await floor(bench), crates: JSON.parse(CODE_BY_CRATE), files: await files() };
}

/** What each file of the host's side has of the JavaScript, minified, the largest first. */
async function files() {
  const { CORE_SOURCES } = process.env;
  const { metafile } = await build({
    entryPoints: [CORE_SOURCES],
    bundle: true,
    minify: true,
    format: "esm",
    metafile: true,
    write: false,
    logLevel: "error",
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  const sizes = Object.entries(inputs).map(([path, { bytesInOutput }]) => [nameOf(path), bytesInOutput]);
  return sizes.filter(([, bytes]) => bytes > 0).sort(([, a], [, b]) => b - a);
}

/** The path of a file in the project; what wasm-bindgen made has none. */
function nameOf(path) {
  if (path.endsWith("/start.js")) return "pkg/start.js";
  return /src\/js\/\w+\.js$/.exec(path)?.[0] ?? "wasm-bindgen's glue";
}

/** What a class weighs that does nothing with each of the client's dependencies (benches/floor). */
async function floor({ workbench }) {
  const { FLOOR_WASM, FLOOR_GLUE } = process.env;
  const outfile = `${workbench}/bundles/floor.js`;
  await build({ entryPoints: [FLOOR_GLUE], bundle: true, minify: true, format: "esm", outfile, logLevel: "error" });
  return { js: sizes(await readFile(outfile)), wasm: sizes(await readFile(FLOOR_WASM)) };
}

const sizes = (bytes) => ({ raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length });

async function bundled({ workbench }, folder, { client, exports = "open", ...options }) {
  const outdir = `${workbench}/bundles/size-${folder}`;
  await mkdir(outdir, { recursive: true });
  await build({
    stdin: { contents: `export { ${exports} } from "./cases/${client}.mjs";`, resolveDir: workbench },
    bundle: true,
    minify: true,
    format: "esm",
    outdir,
    entryNames: "main",
    absWorkingDir: workbench,
    logLevel: "error",
    ...options,
  });
  const [script] = (await readdir(outdir)).filter((file) => file.endsWith(".js"));
  return sizes(await readFile(`${outdir}/${script}`));
}
