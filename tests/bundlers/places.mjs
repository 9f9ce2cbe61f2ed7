// Where an app runs the scenario: in a page of Chromium, in Node, in a Worker, behind a server.
import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, normalize } from "node:path";
import { promisify } from "node:util";
import { Miniflare } from "miniflare";
import { chromium } from "playwright-core";
import { serve } from "./app.mjs";

/** What Chromium needs as root, and to keep still on a machine without a network. */
export const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** In Chromium; the page comes from the app's own server, or from its files in `folder`. */
export function inPage({ server: commandLine, folder = "." }) {
  const run = async (app, settings) => {
    const server = commandLine ? await serve(app, commandLine) : await serveFiles(`${app}/${folder}`);
    try {
      return await openPage(server.url, settings);
    } finally {
      await server.stop();
    }
  };
  return Object.assign(run, { needs: ["chromium"] });
}

/** In Node: the bundle is a program that prints the results. */
export function inNode(bundle) {
  return async (app, { baseUrl, token }) => {
    const { stdout } = await promisify(execFile)(process.execPath, [bundle], {
      cwd: app,
      env: { ...process.env, BASE_URL: baseUrl, TOKEN: token },
      timeout: 300_000,
      maxBuffer: 1 << 26,
    });
    return JSON.parse(stdout);
  };
}

/**
 * In workerd: exactly the files that would be deployed, each as the kind that its name says.
 *
 * The app's compatibility date is an old one: later dates let a Worker compile bytes while it
 * starts, and the package must not need that.
 */
export function inWorker(folder) {
  return async (app, settings) => {
    const { compatibility_date } = JSON.parse(await readFile(`${app}/wrangler.json`, "utf8"));
    const kinds = { ".js": "ESModule", ".wasm": "CompiledWasm" };
    const files = (await readdir(`${app}/${folder}`)).filter((file) => kinds[extname(file)]);
    // The first module is the Worker.
    files.sort((a, b) => (b === "index.js") - (a === "index.js"));
    const worker = new Miniflare({
      modules: files.map((file) => ({ type: kinds[extname(file)], path: `${app}/${folder}/${file}` })),
      modulesRoot: `${app}/${folder}`,
      compatibilityDate: compatibility_date,
    });
    try {
      const body = JSON.stringify(settings);
      const response = await worker.dispatchFetch("http://worker.test/", { method: "POST", body });
      return await resultsOf(response);
    } finally {
      await worker.dispose();
    }
  };
}

/** Behind the app's own server: a request brings the settings, the response the results. */
export function byRequest({ server: commandLine, path }) {
  return async (app, settings) => {
    const server = await serve(app, commandLine);
    try {
      const body = JSON.stringify(settings);
      return await resultsOf(await fetch(server.url + path, { method: "POST", body }));
    } finally {
      await server.stop();
    }
  };
}

export async function resultsOf(response) {
  const text = await response.text();
  if (!response.ok) throw new Error(`the scenario was answered with ${response.status}: ${text}`);
  return JSON.parse(text);
}

export async function openPage(url, settings) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: CHROMIUM_ARGS });
  try {
    const tab = await browser.newPage();
    const problems = [];
    tab.on("pageerror", (error) => problems.push(String(error.stack ?? error)));
    await tab.goto(url);
    // A scenario that does not come is explained by what the page reported, not by the clock.
    await tab
      .waitForFunction(() => globalThis.runScenario, undefined, { timeout: 60_000 })
      .catch((error) => problems.push(error.message));
    if (problems.length > 0) throw new Error(`the page reported: ${problems.join("\n")}`);
    const results = await tab.evaluate((settings) => globalThis.runScenario(settings), settings);
    if (problems.length > 0) throw new Error(`the page reported: ${problems.join("\n")}`);
    return results;
  } finally {
    await browser.close();
  }
}

/** The plainest of servers: files, and nothing else. */
async function serveFiles(root) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = normalize(pathname === "/" ? "/index.html" : pathname);
    try {
      const body = await readFile(root + file);
      const type = TYPES[extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}
