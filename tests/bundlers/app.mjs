// An app as a user of the package has it: a folder with its sources, the package installed in it,
// and a bundler's command line to build it.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const NAME = "synctera-customers";
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Next, the slowest by far, takes half a minute on two cores that others use too. */
const BUILD_MS = 300_000;
const START_MS = 120_000;

/** What the tools may not do in a test: send telemetry, write into the home folder, colour. */
const QUIET = { NEXT_TELEMETRY_DISABLED: "1", WRANGLER_SEND_METRICS: "false", NO_COLOR: "1" };

/**
 * Copies the fixtures into a new app with the package installed.
 *
 * Copied, not linked: bundlers take a linked package for a part of the app. Below this folder, so
 * that what the app imports of a tool (React, Next) is found as well.
 *
 * @param {string} name of the app, which replaces any of this name
 * @param {string[]} fixtures
 * @param {string} consumer the project in which the packed package is installed
 * @returns {Promise<string>} the app's folder
 */
export async function createApp(name, fixtures, consumer) {
  const app = here(`.apps/${name}`);
  await rm(app, { recursive: true, force: true });
  await mkdir(app, { recursive: true });
  await writeFile(`${app}/package.json`, '{ "name": "app", "private": true }\n');
  for (const fixture of fixtures) {
    await cp(here(`fixtures/${fixture}`), app, { recursive: true });
  }
  await cp(here("../runtimes/scenario.js"), `${app}/src/scenario.js`);
  await cp(`${consumer}/node_modules/${NAME}`, `${app}/node_modules/${NAME}`, { recursive: true });
  return app;
}

/** Removes what `createApp` has made: Next's output alone is a hundred megabytes. */
export async function removeApps() {
  await rm(here(".apps"), { recursive: true, force: true });
}

/** Runs a tool in the app's folder. */
export async function run(app, commandLine) {
  const [tool, ...args] = commandLine.split(" ");
  const options = { cwd: app, env: environment(app), timeout: BUILD_MS, maxBuffer: 1 << 26 };
  try {
    await promisify(execFile)(process.execPath, [bin(tool), ...args], options);
  } catch ({ stdout, stderr, signal }) {
    // Each step repeats it, so only its end is shown.
    const printed = `${stdout}${stderr}`.trim().slice(-2000);
    throw new Error(`\`${commandLine}\` ${signal ? `was ended by ${signal}` : "failed"}:\n${printed}`);
  }
}

/**
 * Starts a tool that serves the app; resolves to the address that it prints.
 *
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function serve(app, commandLine) {
  const [tool, ...args] = commandLine.split(" ");
  const server = spawn(process.execPath, [bin(tool), ...args], {
    cwd: app,
    env: environment(app),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = () => server.kill();
  process.once("exit", stop);
  let printed = "";
  const url = await new Promise((resolve, reject) => {
    const fail = (why) => {
      clearTimeout(late);
      reject(new Error(`\`${commandLine}\` ${why}:\n${printed}`));
    };
    const late = setTimeout(() => fail("printed no address"), START_MS);
    server.once("exit", () => fail("ended"));
    for (const stream of [server.stdout, server.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        printed += text;
        const [address] = /http:\/\/(localhost|127\.0\.0\.1):\d+(?=\D)/.exec(printed) ?? [];
        if (!address) return;
        clearTimeout(late);
        resolve(address);
      });
    }
  }).catch((error) => {
    stop();
    throw error;
  });
  return {
    url,
    async stop() {
      process.off("exit", stop);
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, "exit");
      stop();
      await ended;
    },
  };
}

/** The tool itself, without npm's starter: a signal must reach it. */
function bin(tool) {
  return here(`node_modules/.bin/${tool}`);
}

function environment(app) {
  return { ...process.env, ...QUIET, XDG_CONFIG_HOME: `${app}/.config` };
}
