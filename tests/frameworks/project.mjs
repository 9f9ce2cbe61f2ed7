// A project of a framework as a user has it: its sources, the packages of its package.json, and the packed
// package, installed by a package manager.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Angular, the slowest, takes two minutes on two cores. */
const COMMAND_MS = 600_000;
const START_MS = 60_000;

/** What tools may not do in a test: send telemetry, ask, write into the home folder, colour. */
const QUIET = {
  ASTRO_TELEMETRY_DISABLED: "1",
  CI: "1",
  FORCE_COLOR: undefined,
  NEXT_TELEMETRY_DISABLED: "1",
  NG_CLI_ANALYTICS: "false",
  NO_COLOR: "1",
  NODE_OPTIONS: undefined,
  NODE_TEST_CONTEXT: undefined,
  NUXT_TELEMETRY_DISABLED: "1",
  WRANGLER_SEND_METRICS: "false",
};

/**
 * Makes the project's folder and installs its packages.
 *
 * @param {string} folder
 * @param {object} project
 * @param {string[]} project.fixtures folders of `fixtures/`, each copied over the ones before
 * @param {Record<string, string>} project.packages
 * @param {object} [project.manifest] more of its package.json
 * @param {string} [project.install] the command line that installs
 * @param {string} tarball the packed package
 */
export async function createProject(folder, { fixtures, packages, manifest, install = INSTALL }, tarball) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(`${folder}/src`, { recursive: true });
  for (const fixture of fixtures) await cp(here(`fixtures/${fixture}`), folder, { recursive: true });
  await cp(here("../runtimes/scenario.js"), `${folder}/src/scenario.js`);
  await cp(tarball, `${folder}/synctera-customers.tgz`);
  const dependencies = { ...packages, "synctera-customers": "file:./synctera-customers.tgz" };
  await writeFile(`${folder}/package.json`, JSON.stringify({ name: "app", private: true, type: "module", ...manifest, dependencies }));
  await run(folder, install);
}

const INSTALL = "npm install --no-audit --no-fund --loglevel=error";

/**
 * Packs the installed package again, which gives the file that it came from.
 *
 * @param {string} consumer the project in which it is installed
 * @param {string} folder where the file goes
 * @param {boolean} isBroken whether every entry shall throw, as a test of the rows
 */
export async function pack(consumer, folder, isBroken) {
  await mkdir(folder, { recursive: true });
  const contents = `${folder}/package`;
  await cp(`${consumer}/node_modules/synctera-customers`, contents, { recursive: true });
  if (isBroken) await breakEntries(`${contents}/entries`);
  const printed = await run(contents, `npm pack --json --ignore-scripts --pack-destination ${folder}`);
  await rm(contents, { recursive: true });
  const [packed] = Object.values(JSON.parse(printed));
  return `${folder}/${packed.filename}`;
}

async function breakEntries(folder) {
  for (const name of await readdir(folder)) {
    if (!/\.c?js$/.test(name)) continue;
    // First of all: in old browsers the entry itself throws.
    const source = await readFile(`${folder}/${name}`, "utf8");
    await writeFile(`${folder}/${name}`, `throw new Error("broken on purpose");\n${source}`);
  }
}

/**
 * Runs a command line in the project's folder; gives what it printed on its standard output.
 *
 * @param {string} folder
 * @param {string} commandLine
 * @param {Record<string, string>} [environment]
 * @returns {Promise<string>}
 */
export function run(folder, commandLine, environment) {
  const [program, ...args] = commandLine.split(" ");
  const options = { cwd: folder, env: surroundings(folder, environment), timeout: COMMAND_MS, maxBuffer: 1 << 26 };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const printed = `${stdout}${stderr}`.trim().slice(-4000);
      reject(new Error(`\`${commandLine}\` ${error.signal ? `was ended by ${error.signal}` : "failed"}:\n${printed}`));
    });
  });
}

/**
 * Starts a server in the project's folder, on a free port, which it finds in PORT and in place of `$PORT`.
 *
 * @returns {Promise<{ url: string, printed: () => string, stop: () => Promise<void> }>}
 */
export async function serve(folder, commandLine, environment) {
  const port = String(await freePort());
  const [program, ...args] = commandLine.replaceAll("$PORT", port).split(" ");
  const settings = { HOST: "127.0.0.1", PORT: port, NITRO_PORT: port, NITRO_HOST: "127.0.0.1", ...environment };
  const server = spawn(program, args, {
    cwd: folder,
    env: surroundings(folder, settings),
    stdio: ["ignore", "pipe", "pipe"],
    // With all that it starts, it is ended as one.
    detached: true,
  });
  let printed = "";
  for (const stream of [server.stdout, server.stderr]) stream.setEncoding("utf8").on("data", (text) => (printed += text));
  const end = () => {
    try {
      process.kill(-server.pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
  };
  process.once("exit", end);
  const url = `http://127.0.0.1:${port}`;
  try {
    await answer(url, server);
  } catch (error) {
    end();
    throw new Error(`\`${commandLine}\` ${error.message}:\n${printed.slice(-4000)}`);
  }
  return {
    url,
    printed: () => printed,
    async stop() {
      process.off("exit", end);
      const ended = server.exitCode === null && server.signalCode === null ? once(server, "exit") : undefined;
      end();
      await ended;
    },
  };
}

/** Waits until the server answers, whatever that is. */
async function answer(url, server) {
  const patience = Date.now() + START_MS;
  for (;;) {
    if (server.exitCode !== null) throw new Error("ended");
    try {
      await (await fetch(url, { signal: AbortSignal.timeout(10_000), redirect: "manual" })).body?.cancel();
      return;
    } catch {
      if (Date.now() > patience) throw new Error(`did not answer at ${url}`);
      await sleep(100);
    }
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Several frameworks need a newer Node than the package does. */
const NODE = here(`../runtimes/tools/node_modules/node-24-linux-${process.arch}/bin`);

/** The environment of the project's tools, which are found in its own folder. */
function surroundings(folder, environment) {
  const path = [`${folder}/node_modules/.bin`, NODE, process.env.PATH].join(":");
  return { ...process.env, ...QUIET, PATH: path, XDG_CONFIG_HOME: `${folder}/.config`, ...environment };
}
