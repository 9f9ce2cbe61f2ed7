// An example as a user has it: its own folder with the packed package installed in it, and the pinned tools above.
import { cp, mkdir, readFile, rm, symlink } from "node:fs/promises";
import { after } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { serve as serveProject } from "../frameworks/project.mjs";

export { run } from "../frameworks/project.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const PACKAGE = `${process.env.CONSUMER}/node_modules/synctera-customers`;
const { CustomersApi } = await import(pathToFileURL(`${PACKAGE}/entries/node.js`).href);

/** Called once the tests of a file have run, the last first. */
const cleanups = [];
after(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

/** What tools leave in an example. */
const MADE = new Set(["node_modules", "dist", "build", ".next", ".svelte-kit", ".wrangler"]);

/**
 * Copies an example to where its tools are found, until the tests of the file have run.
 *
 * @param {string} name
 * @returns {Promise<string>} its folder
 */
export async function createExample(name) {
  const folder = here(`.apps/${name}`);
  const remove = () => rm(folder, { recursive: true, force: true });
  cleanups.push(remove);
  await remove();
  const isSource = (path) => !MADE.has(path.slice(path.lastIndexOf("/") + 1));
  await cp(here(`../../examples/${name}`), folder, { recursive: true, filter: isSource });
  // Copied, not linked: bundlers take a linked package for a part of the app.
  await cp(PACKAGE, `${folder}/node_modules/synctera-customers`, { recursive: true });
  await mkdir(`${folder}/node_modules/.bin`);
  await symlink("../synctera-customers/dist/cli.js", `${folder}/node_modules/.bin/synctera-customers`);
  return folder;
}

/**
 * Starts an example's server, with its sandbox, until the tests of the file have run.
 *
 * @param {string} folder
 * @param {string} commandLine with `$PORT`
 * @param {Record<string, string>} [environment]
 * @returns {Promise<{ url: string, api: CustomersApi, key: string, printed: () => string, stop: () => Promise<void> }>}
 *   `api` is a client of the same sandbox, `key` its API key
 */
export async function serve(folder, commandLine, environment) {
  const server = await serveProject(folder, commandLine, environment);
  cleanups.push(server.stop);
  const value = (name) => new RegExp(`^${name}=(.*)$`, "m").exec(server.printed())[1];
  const key = value("SYNCTERA_API_KEY");
  return { ...server, key, api: new CustomersApi({ accessToken: key, baseUrl: value("SYNCTERA_BASE_URL") }) };
}

/** The versions that a package.json pins. */
export async function pinned(path) {
  const { dependencies, devDependencies } = JSON.parse(await readFile(new URL(path, import.meta.url), "utf8"));
  return { ...dependencies, ...devDependencies };
}

/** A person who signs up; no other test has the name. */
export const newPerson = () => ({ "First name": "Ottoline", "Last name": `Quay-${Date.now().toString(36)}`, "Date of birth": "1990-04-17" });

/**
 * Fills in the form of a page and sends it.
 *
 * @param {import("playwright-core").Page} tab
 * @param {Record<string, string>} values by labels
 */
export async function signUp(tab, values) {
  for (const [label, value] of Object.entries(values)) await tab.getByLabel(label).fill(value);
  await tab.getByRole("button", { name: "Sign up" }).click();
}
