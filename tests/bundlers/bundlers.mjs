// The bundlers that must pack the package with nothing set, as data: a new one is a row in APPS
// and, at most, a fixture; a row in SCENARIOS says where its output runs.
import { createApp, run } from "./app.mjs";
import {
  ERRORS_SURVIVE,
  MODULE_ONCE,
  NOTHING_LEFT,
  ONE_INSTANCE,
  checked,
  hasOneInstance,
  holdsModule,
  holdsNothing,
  printsTheSame,
} from "./checks.mjs";
import { byRequest, inNode, inPage, inWorker } from "./places.mjs";
import { stepNames } from "../runtimes/scenario.js";

/**
 * The apps. `build` is the command line, as a user has it in the app's package.json, and `bundles`
 * says in which folders of the output how many bundles use the package.
 *
 * @type {Record<string, { fixtures: string[], build?: string, bundles?: Record<string, number> }>}
 */
const APPS = {
  "import-map": { fixtures: ["browser", "import-map"] },
  vite: { fixtures: ["browser", "vite"], build: "vite build", bundles: { dist: 1 } },
  // Its server bundles packages ahead, into a separate folder, when it starts.
  "vite-dev": { fixtures: ["browser", "vite"], bundles: { "node_modules/.vite/deps": 1 } },
  webpack: { fixtures: ["browser", "script"], build: "webpack", bundles: { dist: 1 } },
  "webpack-node": { fixtures: ["node"], build: "webpack --target node", bundles: { dist: 1 } },
  rollup: {
    fixtures: ["browser", "script"],
    build: "rollup src/index.js --file dist/main.js --format iife --plugin node-resolve",
    bundles: { dist: 1 },
  },
  esbuild: {
    fixtures: ["browser", "script"],
    build: "esbuild src/index.js --bundle --outfile=dist/main.js",
    bundles: { dist: 1 },
  },
  "esbuild-node": {
    fixtures: ["node"],
    build: "esbuild src/index.js --bundle --platform=node --outfile=dist/main.js",
    bundles: { dist: 1 },
  },
  "esbuild-neutral": {
    fixtures: ["node"],
    build: "esbuild src/index.js --bundle --platform=neutral --minify --outfile=dist/main.mjs",
    bundles: { dist: 1 },
  },
  parcel: {
    fixtures: ["browser", "parcel"],
    // Its cache would be in the folder of the nearest lock file, and outlive the app.
    build: "parcel build index.html --cache-dir .parcel-cache",
    bundles: { dist: 1 },
  },
  // On the server each of the three has its own: the page, rendered there first, and two routes.
  next: {
    fixtures: ["next"],
    build: "next build",
    bundles: { ".next/static": 1, ".next/server": 3 },
  },
  "next-webpack": {
    fixtures: ["next"],
    build: "next build --webpack",
    bundles: { ".next/static": 1, ".next/server": 3 },
  },
  wrangler: {
    fixtures: ["worker"],
    build: "wrangler deploy --dry-run --outdir dist",
    bundles: { dist: 1 },
  },
};

/** Where most builds put it. */
const BUNDLE = "dist/main.js";

const NEXT = "next start --port 0";

/** Where the scenario is run: the name of the row, the app, the place. */
const SCENARIOS = [
  ["no bundler, an import map", "import-map", inPage({})],
  ["Vite, development server", "vite-dev", inPage({ server: "vite" })],
  ["Vite, build and preview", "vite", inPage({ server: "vite preview" })],
  ["webpack", "webpack", inPage({})],
  ["webpack, target node", "webpack-node", inNode(BUNDLE)],
  ["Rollup", "rollup", inPage({})],
  ["esbuild", "esbuild", inPage({})],
  ["esbuild, platform node", "esbuild-node", inNode(BUNDLE)],
  ["esbuild, platform neutral, minified", "esbuild-neutral", inNode("dist/main.mjs")],
  ["Parcel", "parcel", inPage({ folder: "dist" })],
  ["wrangler", "wrangler", inWorker("dist")],
  ["Next.js, client component", "next", inPage({ server: NEXT })],
  ["Next.js, route handler on Node", "next", byRequest({ server: NEXT, path: "/node" })],
  ["Next.js, route handler on Edge", "next", byRequest({ server: NEXT, path: "/edge" })],
  ["Next.js by webpack, client component", "next-webpack", inPage({ server: NEXT })],
  ["Next.js by webpack, route handler on Node", "next-webpack", byRequest({ server: NEXT, path: "/node" })],
  ["Next.js by webpack, route handler on Edge", "next-webpack", byRequest({ server: NEXT, path: "/edge" })],
];

const { webpack, rollup, esbuild } = APPS;
const webpackNode = APPS["webpack-node"];
const esbuildNode = APPS["esbuild-node"];

/** What must hold of output that runs no scenario: the name of the row, the app, the checks. */
const CHECKS = [
  ...[
    ["webpack", webpack],
    ["webpack, target node", webpackNode],
    ["Rollup", rollup],
    ["esbuild", esbuild],
    ["esbuild, platform node", esbuildNode],
  ].map(([name, { build }]) => [
    `${name}, an import not used`,
    { fixtures: ["unused"], build },
    { [NOTHING_LEFT]: (app) => holdsNothing(app, BUNDLE) },
  ]),
  ...[
    ["webpack", webpack],
    ["webpack, target node", webpackNode],
    ["esbuild", esbuild],
    ["esbuild, platform node", esbuildNode],
  ].map(([name, { build }]) => [
    `${name}, imported and required`,
    { fixtures: ["mixed"], build },
    {
      [ONE_INSTANCE]: (app) => hasOneInstance(app, BUNDLE),
      [MODULE_ONCE]: (app) => holdsModule(app, { dist: 1 }),
    },
  ]),
  ...[
    ["webpack", webpackNode.build],
    ["esbuild", `${esbuildNode.build} --minify`],
  ].map(([name, build]) => [
    `${name}, errors minified`,
    { fixtures: ["errors"], build },
    { [ERRORS_SURVIVE]: (app) => printsTheSame(app, BUNDLE, "src/index.js") },
  ]),
];

/** @type {import("../runtimes/matrix.mjs").Row[]} */
export const ROWS = [
  ...SCENARIOS.map(([name, app, place]) => scenarioRow(name, app, place)),
  ...CHECKS.map(([name, app, checks]) => checkRow(name, app, checks)),
];

function scenarioRow(name, appName, place) {
  const { bundles } = APPS[appName];
  const steps = bundles ? [...stepNames, MODULE_ONCE] : stepNames;
  return row(name, place.needs, steps, async ({ consumer, baseUrl, token }) => {
    const app = await built(appName, APPS[appName], consumer);
    const results = await place(app, { baseUrl, token });
    if (bundles) results.push(await checked(MODULE_ONCE, () => holdsModule(app, bundles)));
    return results;
  });
}

function checkRow(name, definition, checks) {
  return row(name, [], Object.keys(checks), async ({ consumer }) => {
    const app = await built(name.replace(/\W+/g, "-"), definition, consumer);
    const results = Object.entries(checks).map(([step, check]) => checked(step, () => check(app)));
    return Promise.all(results);
  });
}

/** @returns {import("../runtimes/matrix.mjs").Row} */
function row(name, needs = [], steps, run) {
  return { name, kind: "bundler", needs: ["tests/bundlers", ...needs], steps, run };
}

const apps = new Map();

/** The app's folder, once it is built; built once, however many rows use it. */
function built(name, definition, consumer) {
  if (!apps.has(name)) apps.set(name, buildApp(name, definition, consumer));
  return apps.get(name);
}

async function buildApp(name, { fixtures, build }, consumer) {
  const app = await createApp(name, fixtures, consumer);
  if (build) await run(app, build);
  return app;
}
