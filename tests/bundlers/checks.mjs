// What must hold of an app's output besides that it runs. Each is a result, as a step of a scenario is.
import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { promisify } from "node:util";

/** Names of the results. */
export const MODULE_ONCE = "its output holds the WebAssembly module once for each bundle";
export const NOTHING_LEFT = "an import that is not used leaves nothing of the package behind";
export const ONE_INSTANCE = "import and require give one and the same";
export const ERRORS_SURVIVE = "names and classes of errors are those of the package unbundled";

/** A result: of `check`, which throws what is wrong. */
export async function checked(name, check) {
  try {
    await check();
    return { name, ok: true, detail: "" };
  } catch (error) {
    return { name, ok: false, detail: String(error.stack ?? error) };
  }
}

/**
 * Counts the module in all files of a folder: as text, as a data URL, or as a separate file.
 *
 * @param {string} app
 * @param {Record<string, number>} wanted how many bundles each folder holds
 */
export async function holdsModule(app, wanted) {
  const wasm = await readFile(`${app}/node_modules/synctera-customers/dist/synctera_customers.wasm`);
  const text = await readFile(`${app}/node_modules/synctera-customers/dist/wasm-text.js`, "utf8");
  // From the middle: what stands at the beginning is in many modules.
  const markers = [text, wasm.toString("base64")].map((all) => all.slice(all.length >> 1).slice(0, 64));
  for (const [folder, bundles] of Object.entries(wanted)) {
    const found = [];
    for (const file of await files(`${app}/${folder}`)) {
      const content = await readFile(file);
      if (content.equals(wasm)) found.push(file);
      for (const marker of markers) {
        const times = content.toString("latin1").split(marker).length - 1;
        for (let time = 0; time < times; time += 1) found.push(file);
      }
    }
    if (found.length !== bundles) {
      throw new Error(`${folder}: found ${found.length} times, want ${bundles}: ${found.join(", ")}`);
    }
  }
}

/** The bundle is what the app itself says, in the bundler's own wrapping. */
export async function holdsNothing(app, bundle) {
  const text = await readFile(`${app}/${bundle}`, "utf8");
  if (!text.includes("alone")) throw new Error(`the app itself is not in the bundle: ${text}`);
  if (text.length > 500 || /synctera|WebAssembly/i.test(text)) {
    throw new Error(`${text.length} characters are left: ${text.slice(0, 2000)}`);
  }
}

/** The bundle finds what it imports and what it requires to be the same. */
export async function hasOneInstance(app, bundle) {
  const found = await print(app, bundle);
  if (found.trim() !== "true") throw new Error(`the bundle says ${found}`);
}

/** The bundle prints what its source does in Node without a bundler. */
export async function printsTheSame(app, bundle, source) {
  const code = await readFile(`${app}/${source}`, "utf8");
  const wanted = await print(app, "--input-type=module", "--eval", code);
  const bundled = await print(app, bundle);
  if (bundled !== wanted) throw new Error(`got ${bundled}, want ${wanted}`);
}

/** What Node prints, run in the app's folder. */
async function print(app, ...args) {
  const options = { cwd: app, timeout: 120_000 };
  return (await promisify(execFile)(process.execPath, args, options)).stdout;
}

/** All files below a folder that are sent or run; source maps are neither. */
async function files(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".map"))
    .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`);
}
