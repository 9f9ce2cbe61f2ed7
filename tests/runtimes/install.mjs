// Brings the drivers into the project in which the packed package is installed.
import { copyFile, mkdir } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Puts the driver and what it imports next to the installed package; says where the driver is. */
export async function install(driver, consumer) {
  const folder = `${consumer}/scenario`;
  await mkdir(folder, { recursive: true });
  for (const file of ["scenario.js", "drivers/resolution.js", `drivers/${driver}`]) {
    await copyFile(here(file), `${folder}/${basename(file)}`);
  }
  return `${folder}/${driver}`;
}

/**
 * Bundles a driver as most people would: nothing is set but what the runtime asks for.
 *
 * @param {string} driver
 * @param {string} consumer
 * @param {import("esbuild").BuildOptions} [options]
 * @returns {Promise<{ file: string, inputs: string[] }>} the bundle, and the files it was made of
 */
export async function bundle(driver, consumer, options = {}) {
  const entry = await install(driver, consumer);
  const file = `${entry.replace(/\.[^.]*$/, "")}.bundle.js`;
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    outfile: file,
    absWorkingDir: consumer,
    metafile: true,
    logLevel: "error",
    ...options,
  });
  return { file, inputs: Object.keys(metafile.inputs) };
}
