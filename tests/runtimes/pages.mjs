// The scenario in a browser: in pages, whose origin is not the sandbox's, and in their workers.
import { readFile } from "node:fs/promises";
import { judgeResolution, resolutionStep } from "./drivers/resolution.js";
import { bundle, install } from "./install.mjs";
import { stepNames } from "./scenario.js";
import { show, scenarioOf } from "./show.mjs";
import { ENGINES } from "./webdriver.mjs";

/** How long a page may take, all limits within the scenario included. */
const PATIENCE_MS = 120_000;

/** What a page must allow for the package to run, and no more; and the same without WebAssembly. */
const STRICT = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self' http://127.0.0.1:*",
].join("; ");
const NO_WASM = STRICT.replace(" 'wasm-unsafe-eval'", "");

/**
 * The places in a browser. `page`: see `servePage`; its `/scenario.js` is `driver`, bundled.
 */
const PLACES = [
  {
    name: "page, bundled script",
    scope: "Window",
    driver: "at-once.mjs",
    page: { scripts: ["/scenario.js"] },
  },
  {
    name: "page, bundled and minified",
    scope: "Window",
    driver: "at-once.mjs",
    minify: true,
    page: { scripts: ["/scenario.js"] },
  },
  {
    name: "page, native modules and an import map",
    scope: "Window",
    driver: "at-once.mjs",
    native: true,
    page: { module: "/scenario/at-once.mjs" },
  },
  {
    name: "page, strict CSP",
    scope: "Window",
    driver: "at-once.mjs",
    page: { scripts: ["/scenario.js"], policy: STRICT },
  },
  {
    name: "worker",
    scope: "DedicatedWorkerGlobalScope",
    driver: "at-once.mjs",
    page: { scripts: ["/worker.js"] },
  },
  {
    name: "shared worker",
    scope: "SharedWorkerGlobalScope",
    driver: "at-once.mjs",
    page: { scripts: ["/shared-worker.js"] },
  },
  {
    name: "service worker",
    scope: "ServiceWorkerGlobalScope",
    driver: "at-install.mjs",
    page: { scripts: ["/service-worker.js"] },
  },
];

const scopeStep = (scope) => `runs in a ${scope}`;
const REFUSAL_STEP = "says that the page's policy is what forbids it";

/** @type {import("./matrix.mjs").Row[]} */
export const PAGES = Object.entries(ENGINES).flatMap(([engine, { name: browser, needs }]) => [
  ...PLACES.map((place) => ({
    name: `${browser}: ${place.name}`,
    kind: "browser",
    needs,
    steps: [resolutionStep("default.js"), scopeStep(place.scope), ...stepNames],
    run: (settings) => testRow(engine, place, settings),
  })),
  {
    name: `${browser}: page, CSP that forbids WebAssembly`,
    kind: "browser",
    needs,
    steps: [REFUSAL_STEP],
    run: (settings) => isRefused(engine, settings),
  },
]);

async function testRow(engine, place, { consumer, ...settings }) {
  const { files, sources } = await (place.native ? nativeFiles : bundledFiles)(place, consumer);
  const scenario = await scenarioOf(engine, place.page, files, settings, PATIENCE_MS);
  const inPlace = {
    name: scopeStep(place.scope),
    ok: scenario.scope === `[object ${place.scope}]`,
    detail: `runs in ${scenario.scope}`,
  };
  return [judgeResolution(sources(), "default.js"), inPlace, ...scenario.results];
}

/** The script fails where it compiles the module: at once, as an error of the page. */
async function isRefused(engine, { consumer, ...settings }) {
  const { files } = await bundledFiles({ driver: "at-once.mjs" }, consumer);
  const page = { scripts: ["/scenario.js"], policy: NO_WASM };
  const { scenario, trouble } = await show(engine, page, files, settings, PATIENCE_MS);
  const isClear = /WebAssembly/.test(trouble) && /CSP|Content Security Policy|unsafe-eval/.test(trouble);
  const detail = scenario ? "the page ran the scenario" : `the page said: ${trouble}`;
  return [{ name: REFUSAL_STEP, ok: isClear, detail }];
}

async function bundledFiles({ driver, minify }, consumer) {
  await install("browser.mjs", consumer);
  const { file, inputs } = await bundle(driver, consumer, { minify });
  return {
    files: async (path) => (path === "/scenario.js" ? readFile(file) : undefined),
    sources: () => inputs,
  };
}

/** The installed package's own files, as they are. */
async function nativeFiles({ driver }, consumer) {
  await install("browser.mjs", consumer);
  await install(driver, consumer);
  const served = [];
  return {
    async files(path) {
      if (!/^\/(scenario|node_modules\/synctera-customers)\/[\w/-]+\.m?js$/.test(path)) return undefined;
      served.push(path);
      return readFile(consumer + path);
    },
    sources: () => served,
  };
}
