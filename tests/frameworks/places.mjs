// Where the scenario runs in a project, and what else must hold there. A place gives the results of the steps
// that it names.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { checked } from "../bundlers/checks.mjs";
import { CHROMIUM_ARGS, openPage, resultsOf } from "../bundlers/places.mjs";
import { servePage } from "../runtimes/page-server.mjs";
import { startGroup } from "../runtimes/group.mjs";
import { stepNames } from "../runtimes/scenario.js";
import { run, serve } from "./project.mjs";

/**
 * @typedef {object} Context
 * @property {string} folder the project's
 * @property {string} baseUrl the sandbox's
 * @property {string} token the sandbox's
 * @property {any} api a client of the test's own
 *
 * @typedef {{ steps: string[], run: (context: Context) => Promise<import("../runtimes/matrix.mjs").Result[]> }} Place
 */

/** What a project finds in its environment. */
const surroundings = ({ baseUrl, token }) => ({ BASE_URL: baseUrl, TOKEN: token });

/** The scenario alone. @returns {Place} */
const scenario = (run) => ({ steps: stepNames, run });

/** A program that prints the results as its last line. */
export const program = (commandLine) =>
  scenario(async (context) => JSON.parse(lastPrinted(await run(context.folder, commandLine, surroundings(context)))));

const lastPrinted = (printed) => printed.trim().split("\n").at(-1);

/** A test runner whose test writes the results into a file. */
export const testRun = (commandLine) =>
  scenario(async (context) => {
    await run(context.folder, commandLine, surroundings(context));
    return JSON.parse(await readFile(`${context.folder}/results.json`, "utf8"));
  });

/** Vitest, in an environment; the test prints the results. */
export const vitest = (environment) =>
  scenario(async (context) => {
    await writeFile(`${context.folder}/environment.json`, JSON.stringify(environment));
    const printed = await run(context.folder, "vitest run", surroundings(context));
    return JSON.parse(/RESULTS (.*) END/.exec(printed)[1]);
  });

/** Behind the project's server: a request brings the settings, the response the results. */
export const byRequest = (server, path, environment) =>
  scenario((context) =>
    served(context, server, environment, async ({ url }) => {
      const { baseUrl, token } = context;
      const headers = { "content-type": "application/json" };
      return resultsOf(await fetch(url + path, { method: "POST", headers, body: JSON.stringify({ baseUrl, token }) }));
    }),
  );

/** In Chromium, in a page of the project's server. */
export const inPage = (server, path = "/", environment) =>
  scenario((context) => served(context, server, environment, ({ url }) => openPage(url + path, context)));

/**
 * What else must hold of a project's server.
 *
 * @param {string} server
 * @param {Record<string, (context: Context & { url: string, printed: () => string }) => Promise<void>>} checks by the names of their steps
 * @param {Record<string, string>} [environment]
 * @returns {Place}
 */
export function checks(server, checks, environment) {
  const runChecks = (context) =>
    served(context, server, environment, async (server) => {
      const results = [];
      for (const [name, check] of Object.entries(checks)) {
        results.push(await checked(name, () => check({ ...context, ...server })));
      }
      return results;
    });
  return { steps: Object.keys(checks), run: runChecks };
}

async function served(context, commandLine, environment, use) {
  const server = await serve(context.folder, commandLine, { ...surroundings(context), ...environment });
  try {
    return await use(server);
  } catch (error) {
    throw new Error(`${error.message}\n${server.printed().slice(-4000)}`, { cause: error });
  } finally {
    await server.stop();
  }
}

/** What the body of a response holds; what it is answered with if that is no page. */
export async function textOf(url) {
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}: ${text.slice(0, 2000)}`);
  return text;
}

/** A page that is rendered on the server shows a customer, and shows the new values once it has changed. */
export const readsAnew =
  (path) =>
  async ({ url, api }) => {
    const { id } = await api.createCustomer({ status: "ACTIVE", first_name: "Before" });
    const address = url + path(id);
    if (!(await textOf(address)).includes("Before")) throw new Error("the page does not show the customer");
    await api.patchCustomer(id, { first_name: "Afterwards" });
    if (!(await textOf(address)).includes("Afterwards")) throw new Error("the page shows what is no longer so");
  };

/** No file below a folder holds a text. */
export async function holdsNowhere(folder, text) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((entry) => entry.isFile())) {
    const file = `${entry.parentPath}/${entry.name}`;
    if ((await readFile(file, "latin1")).includes(text)) throw new Error(`${file} holds ${text}`);
  }
}

/** Opens a page of the project's server, by a user's means. */
export async function byHand(url, use) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: CHROMIUM_ARGS });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await use(page);
  } finally {
    await browser.close();
  }
}

/** In an extension of Chromium: in its page, or in its service worker. */
export const inExtension = (where) =>
  scenario(async (context) => {
    const { folder } = context;
    const browser = await chromium.launchPersistentContext("", {
      executablePath: process.env.CHROMIUM,
      headless: false,
      args: [...CHROMIUM_ARGS, "--headless=new", `--disable-extensions-except=${folder}`, `--load-extension=${folder}`],
    });
    try {
      const worker = browser.serviceWorkers()[0] ?? (await browser.waitForEvent("serviceworker", { timeout: 30_000 }));
      const settings = { baseUrl: context.baseUrl, token: context.token };
      if (where === "service worker") return await runIn(worker, settings);
      const page = await browser.newPage();
      await page.goto(`chrome-extension://${new URL(worker.url()).host}/page.html`);
      return await runIn(page, settings);
    } finally {
      await browser.close();
    }
  });

/** In a page of the project's own Chromium, an older one; the page gets its settings from its server. */
export const inOldChromium = (script) => scenario((context) => openedByOldChromium(context, script).then(resultsIn));

/** The page says that its Chromium is too old, and what to do. */
export const isTooOld = (script, wanted) => {
  const step = "the import throws an error that says what to do";
  const runCheck = async (context) => [
    await checked(step, async () => {
      const { scenario, trouble } = await openedByOldChromium(context, script);
      if (scenario || !wanted.test(trouble)) throw new Error(`the page said: ${trouble}`);
    }),
  ];
  return { steps: [step], run: runCheck };
};

function resultsIn({ scenario, trouble }) {
  if (!scenario) throw new Error(trouble ?? "the page said nothing");
  return scenario.results;
}

async function openedByOldChromium({ folder, baseUrl, token }, script) {
  const executable = lastPrinted(await run(folder, "node executable.mjs"));
  const files = {
    "/scenario.js": `${folder}/dist/${script}.js`,
    "/module.wasm": `${folder}/node_modules/synctera-customers/dist/synctera_customers.wasm`,
  };
  const served = async (path) => files[path] && readFile(files[path]);
  const { url, report, close } = await servePage({ scripts: ["/scenario.js"] }, served, { baseUrl, token });
  const args = [...CHROMIUM_ARGS, "--headless", "--no-zygote", "--single-process", "--disable-dev-shm-usage"];
  const browser = startGroup(executable, [...args, `--user-data-dir=${folder}/profile`, "--remote-debugging-port=0", url]);
  const patience = new AbortController();
  const late = sleep(60_000, {}, patience).then(() => ({ trouble: `the browser said: ${browser.takePrinted()}` }));
  try {
    return await Promise.race([report, late]);
  } finally {
    patience.abort();
    browser.end();
    close();
  }
}

/** Runs the scenario in a page or a worker, once its script has loaded. */
async function runIn(target, settings) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await target.evaluate(() => typeof globalThis.runScenario === "function")) break;
    await sleep(100);
  }
  return target.evaluate((settings) => globalThis.runScenario(settings), settings);
}
