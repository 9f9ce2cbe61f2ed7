// One script of a driver and some cases, for where nothing is imported from a folder.
import { mkdir } from "node:fs/promises";
import { build } from "esbuild";

/**
 * @param {string} workbench
 * @param {string} driver a file of `drivers/` that exports `main`, which gets the cases
 * @param {string[]} clients
 * @param {object} [options]
 * @param {string} [options.name] of the bundle
 * @param {string} [options.start] what the bundle does with `main` and `cases`
 * @param {import("esbuild").BuildOptions} [options.esbuild]
 * @returns {Promise<string>} the bundle's file
 */
export async function bundle(workbench, driver, clients, { name, start = "main(cases);", esbuild = {} } = {}) {
  const folder = `${workbench}/bundles/${name ?? driver}`;
  await mkdir(folder, { recursive: true });
  const contents = [
    `import { main } from "./drivers/${driver}.mjs";`,
    ...clients.map((client, at) => `import * as case${at} from "./cases/${client}.mjs";`),
    `const cases = { ${clients.map((client, at) => `"${client}": case${at}`).join(", ")} };`,
    start,
  ].join("\n");
  const outfile = `${folder}/main.js`;
  await build({
    stdin: { contents, resolveDir: workbench, sourcefile: "entry.mjs" },
    bundle: true,
    minify: true,
    outfile,
    absWorkingDir: workbench,
    logLevel: "error",
    ...esbuild,
  });
  return outfile;
}

/** With wrangler's settings for the same bundler; the module becomes a file next to the bundle. */
export const FOR_WORKERD = {
  format: "esm",
  conditions: ["workerd", "worker", "browser"],
  loader: { ".wasm": "copy" },
  // Two versions of this package may be measured at once.
  assetNames: "[name]-[hash]",
};
