// The frameworks, test runners and platforms, as data.
import { AFTER_A_CHANGE, NEXT_CHECKS } from "./next.mjs";
import {
  byRequest,
  checks,
  inExtension,
  inOldChromium,
  inPage,
  isTooOld,
  program,
  readsAnew,
  testRun,
  vitest,
} from "./places.mjs";

/**
 * @typedef {object} Project
 * @property {string} name
 * @property {Record<string, string>} packages of its package.json, with their versions
 * @property {string[]} [versions] for the table, if packages do not say it
 * @property {string[]} fixtures its sources: folders of `fixtures/`, each copied over the ones before
 * @property {string[]} [build] command lines
 * @property {Record<string, string>} [environment] of those
 * @property {object} [manifest] more of its package.json
 * @property {string} [install] the command line that installs, if it is not npm
 * @property {string} [works] how it works, for the table, if not without configuration
 * @property {Record<string, import("./places.mjs").Place>} places where the scenario runs
 */

const PROGRAM = "../../bundlers/fixtures/node";

const react = (version) => ({ react: version, "react-dom": version });
const VITE = { vite: "8.3.8" };

const NEXT = "next start --port $PORT --hostname 127.0.0.1";

/** @returns {Project[]} */
function next(version, react) {
  const packages = { next: version, ...react };
  const name = `Next.js ${version.split(".")[0]}`;
  return [
    {
      name,
      packages,
      fixtures: ["../../bundlers/fixtures/next", "next"],
      build: ["next build"],
      places: {
        "client component": inPage(NEXT),
        "route handler on Node": byRequest(NEXT, "/node"),
        "route handler on Edge": byRequest(NEXT, "/edge"),
        "server components and actions": checks(NEXT, NEXT_CHECKS),
      },
    },
    {
      name: `${name}, standalone`,
      packages: { ...packages, dependency: "file:./dependency" },
      fixtures: ["next-standalone"],
      build: ["next build"],
      environment: name === "Next.js 14" ? { NEXT_14: "yes" } : {},
      places: { "a CommonJS dependency that requires the package": byRequest("node .next/standalone/server.js", "/scenario") },
    },
  ];
}

/** @returns {Project} */
function svelteKit(name, packages) {
  const server = "node build/index.js";
  return {
    name,
    packages: { ...packages, svelte: "5.57.3", "@sveltejs/vite-plugin-svelte": "7.3.1", ...VITE },
    fixtures: ["sveltekit", name.replace(" ", "-").toLowerCase()],
    build: ["vite build"],
    environment: { ADAPTER: "@sveltejs/adapter-node" },
    places: {
      endpoint: byRequest(server, "/scenario"),
      page: inPage(server, "/page"),
      "load functions": checks(server, {
        [`in a load function of the server ${AFTER_A_CHANGE}`]: readsAnew((id) => `/load?id=${id}`),
        [`in a universal load function ${AFTER_A_CHANGE}`]: readsAnew((id) => `/universal?id=${id}`),
      }),
    },
  };
}

/** @returns {Project} */
function reactRouter(version) {
  const server = "react-router-serve build/server/index.js";
  return {
    name: `React Router ${version.split(".")[0]}`,
    packages: {
      "react-router": version,
      ...VITE,
      ...react("19.3.1"),
      "@react-router/dev": version,
      "@react-router/serve": version,
      "@react-router/node": version,
      isbot: "5.2.3",
    },
    fixtures: ["react-router"],
    build: ["react-router build"],
    places: {
      "resource route": byRequest(server, "/scenario"),
      page: inPage(server),
      loader: checks(server, { [`in a loader ${AFTER_A_CHANGE}`]: readsAnew((id) => `/load?id=${id}`) }),
    },
  };
}

/** @returns {Project} */
function angular(version, typescript) {
  const server = "node dist/server/server.mjs";
  const ours = ["core", "common", "compiler", "platform-browser", "platform-server", "router", "ssr", "build", "cli", "compiler-cli"];
  return {
    name: `Angular ${version.split(".")[0]}`,
    packages: {
      ...Object.fromEntries(ours.map((name) => [`@angular/${name}`, version])),
      "@types/express": "5.0.6",
      "@types/node": "24.19.4",
      express: "5.3.0",
      rxjs: "7.8.2",
      tslib: "2.9.1",
      typescript,
    },
    fixtures: ["angular"],
    build: ["ng build"],
    places: { "server route": byRequest(server, "/scenario"), "component, rendered on the server first": inPage(server) },
  };
}

/** @returns {Project} */
function vitestProject(version, browser) {
  return {
    name: `Vitest ${version.split(".")[0]}`,
    packages: { vitest: version, ...VITE, ...browser, jsdom: "26.1.0", "happy-dom": "20.0.0", "@edge-runtime/vm": "5.0.0" },
    fixtures: ["vitest"],
    works: "yes; with `credentials: \"include\"` in happy-dom, which else drops `authorization`",
    places: {
      node: vitest({ environment: "node" }),
      jsdom: vitest({ environment: "jsdom" }),
      "happy-dom": vitest({ environment: "happy-dom", options: { credentials: "include" } }),
      "edge-runtime": vitest({ environment: "edge-runtime" }),
      "browser mode": vitest({ environment: "node", browser: true }),
    },
  };
}

const JEST = { jest: "30.5.2", "jest-environment-jsdom": "30.5.2", "@edge-runtime/jest-environment": "4.0.0" };
const jest = (environment) => testRun(`jest --ci --testEnvironment=${environment}`);

/** A program in Node that prints the results. @returns {Project} */
const inNode = (name, packages, fixture, commandLine = "node src/index.js", more = {}) => ({
  name,
  packages,
  fixtures: [PROGRAM, ...(fixture ? [fixture] : [])],
  places: { Node: program(commandLine) },
  ...more,
});

/** @returns {Project} */
function lambda(name, packages, build, handler, fixtures = []) {
  return {
    name: `AWS Lambda, ${name}`,
    packages,
    fixtures: ["lambda", ...fixtures],
    build: [build],
    places: { handler: program(`node invoke.mjs ${handler}`) },
  };
}

const ESBUILD = { esbuild: "0.28.2" };

/** @returns {Project} */
function oldChromium(version, works, places) {
  return {
    name: `Chromium ${version.split(".")[0]}`,
    packages: { "@sparticuz/chromium": version, ...ESBUILD },
    fixtures: ["old-chromium"],
    build: ["esbuild src/index.js src/slim.js --bundle --outdir=dist"],
    works,
    places,
  };
}

/** @type {Project[]} */
export const PROJECTS = [
  ...next("14.2.35", react("18.3.1")),
  ...next("15.5.29", react("19.3.1")),
  ...next("16.4.6", react("19.3.1")),
  svelteKit("SvelteKit 2", { "@sveltejs/kit": "2.70.4", "@sveltejs/adapter-node": "5.5.7" }),
  svelteKit("SvelteKit 3", { "@sveltejs/kit": "3.2.0", "@sveltejs/adapter-node": "6.0.1", typescript: "6.0.3" }),
  {
    name: "SvelteKit 2, Cloudflare",
    packages: {
      "@sveltejs/kit": "2.70.4",
      "@sveltejs/adapter-cloudflare": "7.2.9",
      "@sveltejs/vite-plugin-svelte": "7.3.1",
      svelte: "5.57.3",
      wrangler: "4.86.0",
      ...VITE,
    },
    fixtures: ["sveltekit", "sveltekit-2"],
    build: ["vite build"],
    environment: { ADAPTER: "@sveltejs/adapter-cloudflare" },
    places: { endpoint: byRequest("wrangler dev --port $PORT --ip 127.0.0.1 --local", "/scenario") },
  },
  reactRouter("7.18.4"),
  reactRouter("8.4.0"),
  {
    name: "Astro 7",
    packages: { astro: "7.3.5", "@astrojs/node": "11.1.6" },
    fixtures: ["astro"],
    build: ["astro build"],
    places: {
      endpoint: byRequest("node dist/server/entry.mjs", "/scenario"),
      page: inPage("node dist/server/entry.mjs"),
      "server page": checks("node dist/server/entry.mjs", {
        [`on a page of the server ${AFTER_A_CHANGE}`]: readsAnew((id) => `/load?id=${id}`),
      }),
    },
  },
  {
    name: "Nuxt 4",
    packages: { nuxt: "4.5.2", vue: "3.5.13" },
    fixtures: ["nuxt"],
    build: ["nuxt build"],
    places: { "server route": byRequest("node .output/server/index.mjs", "/scenario"), page: inPage("node .output/server/index.mjs") },
  },
  {
    name: "Nuxt 4, Cloudflare",
    packages: { nuxt: "4.5.2", vue: "3.5.13", wrangler: "4.86.0" },
    fixtures: ["nuxt"],
    build: ["nuxt build"],
    environment: { NITRO_PRESET: "cloudflare_module" },
    works: "with `nitro: { experimental: { wasm: true } }`",
    places: { "server route": byRequest("wrangler dev .output/server/index.mjs --assets .output/public --compatibility-date 2025-07-15 --compatibility-flag nodejs_compat --port $PORT --ip 127.0.0.1 --local", "/scenario") },
  },
  angular("21.2.24", "5.9.3"),
  angular("22.2.0", "6.0.3"),
  vitestProject("3.2.7", { "@vitest/browser": "3.2.7", playwright: "1.65.1" }),
  vitestProject("4.1.12", { "@vitest/browser-playwright": "4.1.12", playwright: "1.65.1" }),
  vitestProject("5.1.2", { "@vitest/browser-playwright": "5.1.2", playwright: "1.65.1" }),
  {
    name: "Jest 30",
    packages: { ...JEST, ...ESBUILD },
    fixtures: ["jest"],
    manifest: { type: "commonjs" },
    build: ["esbuild src/scenario.js --format=cjs --outfile=src/scenario.cjs"],
    places: {
      node: jest("node"),
      jsdom: jest("./jsdom.cjs"),
      "edge-runtime": jest("@edge-runtime/jest-environment"),
    },
  },
  inNode("MSW 2", { msw: "2.15.0" }, "msw"),
  inNode("MSW 3", { msw: "3.0.5" }, "msw"),
  inNode("nock 14", { nock: "14.0.17" }, "nock"),
  inNode("nock 15", { nock: "15.0.6" }, "nock"),
  inNode("Sentry 11", { "@sentry/node": "11.12.0" }, "sentry", "node --import ./src/instrument.js src/index.js"),
  lambda("esbuild, CommonJS", ESBUILD, "esbuild src/index.js --bundle --platform=node --outfile=out/index.cjs", "./out/index.cjs"),
  lambda("esbuild, ESM", ESBUILD, "esbuild src/index.js --bundle --platform=node --format=esm --outfile=out/index.mjs", "./out/index.mjs"),
  {
    name: "Bun, compiled",
    packages: { bun: "1.4.5" },
    fixtures: [PROGRAM],
    build: ["node node_modules/bun/install.js", "bun build --compile src/index.js --outfile scenario"],
    places: { "one executable": program("./scenario") },
  },
  {
    name: "Node, single executable",
    packages: { ...ESBUILD, postject: "1.0.0-alpha.6" },
    fixtures: [PROGRAM, "single-executable"],
    build: ["esbuild src/index.js --bundle --platform=node --outfile=dist/index.cjs", "node build.mjs"],
    places: { "one executable": program("./dist/scenario") },
  },
  inNode("pnpm", { pnpm: "10.19.0" }, undefined, "node src/index.js", { install: "npx --yes pnpm@10.19.0 install --ignore-scripts" }),
  inNode("Yarn, Plug'n'Play", {}, "yarn", "node yarn.cjs node src/index.js", { install: "node install.mjs", versions: ["yarn 4.18.1"] }),
  {
    name: "Chromium extension",
    packages: ESBUILD,
    fixtures: ["extension"],
    build: ["esbuild src/page.js src/background.js --bundle --format=esm --outdir=dist"],
    works: "with `'wasm-unsafe-eval'` in `content_security_policy.extension_pages`",
    places: { "service worker": inExtension("service worker"), page: inExtension("page") },
  },
  oldChromium("92.0.0", "cannot", { "slim entry, which says so": isTooOld("slim", /too old/) }),
  ...["103.0.0", "109.0.6", "114.0.0"].map((version) =>
    oldChromium(version, "with `synctera-customers/slim`", {
      "slim entry": inOldChromium("slim"),
      "default entry, which says so": isTooOld("index", /slim/),
    }),
  ),
  ...["115.0.0", "116.0.0"].map((version) =>
    oldChromium(version, undefined, { "slim entry": inOldChromium("slim"), "default entry": inOldChromium("index") }),
  ),
];
