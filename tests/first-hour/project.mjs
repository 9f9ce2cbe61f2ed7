// A new user's project: its sources, the packed package, and the tools that its package.json would name.
import { execFile } from "node:child_process";
import { cp, mkdir, rm, symlink } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Where each tool is installed. */
const TOOLS = {
  "@cloudflare/workers-types": "packaging",
  "@opentelemetry/api": "first-hour",
  "@opentelemetry/sdk-metrics": "first-hour",
  "@opentelemetry/sdk-trace-base": "first-hour",
  "@standard-schema/spec": "first-hour",
  "@types/node": "packaging",
  "@types/react": "first-hour",
  "@types/react-dom": "first-hour",
  react: "bundlers",
  "react-dom": "bundlers",
  vite: "bundlers",
  vitest: "first-hour",
};

export const TSC = here("../packaging/node_modules/typescript-5.9/bin/tsc");

/**
 * Copies a project below the one in which the packed package is installed, where it finds it.
 *
 * @param {string} name of a folder of `projects/`, or a path from here
 * @param {(keyof typeof TOOLS)[]} tools that it imports
 * @returns {Promise<string>} its folder
 */
export async function createProject(name, tools) {
  const folder = `${process.env.CONSUMER}/${name.replace(/^.*\//, "")}`;
  await rm(folder, { recursive: true, force: true });
  await cp(here(name.includes("/") ? name : `projects/${name}`), folder, { recursive: true });
  for (const tool of tools) {
    const link = `${folder}/node_modules/${tool}`;
    await mkdir(dirname(link), { recursive: true });
    await symlink(here(`../${TOOLS[tool]}/node_modules/${tool}`), link);
  }
  return folder;
}

/** The program of a tool that Node runs. */
export const tool = (name, path) => here(`../${TOOLS[name]}/node_modules/${name}/${path}`);

/**
 * Runs a program in a project; resolves with its exit code and what it printed.
 *
 * @param {string} folder
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string | undefined>} [environment]
 */
export function run(folder, program, args, environment = {}) {
  const { NODE_TEST_CONTEXT: _, SYNCTERA_API_KEY: __, ...inherited } = process.env;
  const env = { ...inherited, NO_COLOR: "1", ...environment };
  return new Promise((resolve) => {
    execFile(program, args, { cwd: folder, env, timeout: 300_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? 1) : 0, stdout, stderr, printed: `${stdout}${stderr}` });
    });
  });
}
