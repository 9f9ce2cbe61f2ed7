// Runtimes that are programs: each runs a script next to the installed package and prints results.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { resolutionStep } from "./drivers/resolution.js";
import { install } from "./install.mjs";
import { stepNames } from "./scenario.js";

/** Where `npm ci` puts what `tools/package.json` names. */
const tool = (path) => fileURLToPath(new URL(`tools/node_modules/${path}`, import.meta.url));

/** npm's packages of binaries call one processor by two names. */
const { platform, arch } = process;
const bunsArch = arch === "arm64" ? "aarch64" : arch;

export const DENO = tool(`@deno/${platform}-${arch}-glibc/deno`);
export const BUN = tool(`@oven/bun-${platform}-${bunsArch}/bin/bun`);

/** The Node that runs these tests, which may be the oldest supported, and newer ones. */
const OWN_MAJOR = Number(process.versions.node.split(".")[0]);
const OTHER_MAJORS = [22, 24, 26].filter((major) => major !== OWN_MAJOR);

/** @returns {string} the program of a Node */
export function node(major) {
  return major === OWN_MAJOR ? process.execPath : tool(`node-${major}-${platform}-${arch}/bin/node`);
}

export const NODE_MAJORS = [OWN_MAJOR, ...OTHER_MAJORS];

/** What a program inherits: not `node --test`'s own, which would make a Node print a test report. */
const { NODE_TEST_CONTEXT: _, ...ENVIRONMENT } = process.env;

/**
 * A row for a program that runs a driver.
 *
 * @param {string} name
 * @param {string} path the program
 * @param {string} driver
 * @param {string} entry the file of `entries/` that the program's conditions must choose
 * @param {string[]} [args] before the script
 */
export function program(name, path, driver, entry, args = []) {
  return {
    name,
    kind: "server",
    needs: path === process.execPath ? [] : ["tests/runtimes/tools"],
    steps: [resolutionStep(entry), ...stepNames],
    async run({ consumer, ...settings }) {
      const script = await install(driver, consumer);
      return runProgram(path, [...args, script], consumer, { ...settings, entry });
    },
  };
}

/** Runs a program that finds the settings in its environment and prints results as JSON. */
export async function runProgram(path, args, folder, settings) {
  return JSON.parse((await execute(path, args, folder, settings)).stdout);
}

/**
 * Runs a program that finds the settings in its environment.
 *
 * @returns {Promise<{ stdout: string, stderr: string }>} rejects with an error that has both, if the
 *   program fails
 */
export async function execute(path, args, folder, { baseUrl, token, ...more }) {
  if (!existsSync(path)) throw new Error(`${path} is missing: \`npm ci\` in tests/runtimes/tools`);
  const variables = Object.entries({ baseUrl, token, ...more }).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
    value,
  ]);
  return promisify(execFile)(path, args, {
    cwd: folder,
    env: {
      ...ENVIRONMENT,
      ...Object.fromEntries(variables),
      // No look for a newer Deno, and no cache outside the project.
      DENO_NO_UPDATE_CHECK: "1",
      DENO_DIR: `${folder}/.deno`,
    },
    timeout: 300_000,
    maxBuffer: 1 << 26,
  });
}
