// The three browsers' engines, by the W3C's WebDriver: as much of it as the tests take.
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startGroup } from "./group.mjs";

/**
 * @typedef {object} Engine
 * @property {string} name
 * @property {string[]} needs the programs, as `cargo xtask` calls them
 * @property {(port: number) => string[]} command starts the driver
 * @property {object} capabilities
 * @property {object} [environment]
 */

const { CHROMEDRIVER, CHROMIUM, FIREFOX, GECKODRIVER, WEBKIT_DRIVER, XVFB_RUN } = process.env;

/** What Chromium needs as root, and to keep still on a machine without a network. */
const CHROMIUM_ARGS = [
  "--headless",
  "--enable-logging=stderr",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** WebKit's own sandbox needs user namespaces, which containers seldom allow. */
export const WEBKIT_ENVIRONMENT = { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" };

/** @type {Record<string, Engine>} */
export const ENGINES = {
  chromium: {
    name: "Chromium",
    needs: ["chromium", "chromedriver"],
    command: (port) => [CHROMEDRIVER ?? "chromedriver", `--port=${port}`, "--enable-chrome-logs"],
    capabilities: {
      "goog:chromeOptions": { ...(CHROMIUM && { binary: CHROMIUM }), args: CHROMIUM_ARGS },
    },
  },
  firefox: {
    name: "Firefox",
    needs: ["firefox", "geckodriver"],
    // Port 0 for the browser's own: its habit is one fixed port, and one browser a machine.
    command: (port) => [GECKODRIVER ?? "geckodriver", `--port=${port}`, "--marionette-port=0"],
    capabilities: {
      "moz:firefoxOptions": {
        ...(FIREFOX && { binary: FIREFOX }),
        args: ["-headless"],
        prefs: { "devtools.console.stdout.content": true },
      },
    },
  },
  webkit: {
    name: "WebKit",
    needs: ["WebKitWebDriver", "xvfb-run"],
    // WebKitGTK has no headless mode; it gets a virtual display.
    command: (port) => [
      XVFB_RUN ?? "xvfb-run",
      "--auto-servernum",
      WEBKIT_DRIVER ?? "WebKitWebDriver",
      `--port=${port}`,
    ],
    capabilities: {},
    environment: WEBKIT_ENVIRONMENT,
  },
};

/** The browsers that are open, by their key in `ENGINES`: a start costs more than a scenario. */
const open = new Map();

/** Shows a page; the browser is started for the first one. */
export async function visit(engine, url) {
  if (!open.has(engine)) open.set(engine, startBrowser(engine));
  const browser = await open.get(engine);
  await browser.command("POST", "/url", { url });
}

/**
 * What a browser has printed since this was last asked: itself, its driver, and the consoles of its
 * pages, which WebKit leaves out.
 */
export async function printedBy(engine) {
  return (await open.get(engine)).takePrinted();
}

export async function closeBrowsers() {
  const started = await Promise.allSettled(open.values());
  open.clear();
  await Promise.all(started.map(({ value }) => value?.close()));
}

/**
 * Starts a browser by its driver.
 *
 * @param {keyof typeof ENGINES} engine
 * @returns `command` is one of the protocol's, by method and path; `takePrinted` gives what was printed
 *   since it was last called
 */
export async function startBrowser(engine) {
  const { name, command, capabilities, environment } = ENGINES[engine];
  const port = await freePort();
  const [program, ...args] = command(port);
  const { child, end, takePrinted } = startGroup(program, args, environment);
  const failed = new Promise((_, reject) => {
    child.on("error", (error) => reject(new Error(`${name} needs ${program}: ${error.message}`)));
    child.on("exit", (code) => reject(new Error(`${program} ended with ${code}`)));
  });
  failed.catch(() => {});

  const address = `http://127.0.0.1:${port}`;
  try {
    await Promise.race([ready(address), failed]);
    // Navigation need not wait for a page that says itself when it is done.
    const alwaysMatch = { pageLoadStrategy: "none", ...capabilities };
    const { sessionId } = await call("POST", `${address}/session`, { capabilities: { alwaysMatch } });
    const session = `${address}/session/${sessionId}`;
    return {
      command: (method, path, body) => call(method, session + path, body),
      takePrinted,
      async close() {
        await call("DELETE", session).catch(() => {});
        end();
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}

/** Waits until the driver answers: it is a program that has just been started. */
async function ready(address) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call("GET", `${address}/status`);
    } catch (error) {
      if (tries === 300) throw error;
      await sleep(100);
    }
  }
}

/** One command of the protocol, which answers `{ value }`, also with an error. */
async function call(method, url, body) {
  const response = await fetch(url, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    signal: AbortSignal.timeout(120_000),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${method} ${url}: ${value.error}: ${value.message}`);
  return value;
}

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
