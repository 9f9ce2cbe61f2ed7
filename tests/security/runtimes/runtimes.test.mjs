// The canaries and the ways of requests in every runtime, by the installed package: programs, workerd
// and the three browsers' pages. What they print is looked at too, the browsers' consoles included.
import assert from "node:assert/strict";
import { cp, readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { BUN, DENO, execute, node, NODE_MAJORS } from "../../runtimes/programs.mjs";
import { closeBrowsers, ENGINES, printedBy, visit } from "../../runtimes/webdriver.mjs";
import { canariesIn, canaryNames } from "../canary.js";
import { transportNames } from "../transport.js";
import { startServers } from "./servers.mjs";
import { startWebKit } from "./webkit.mjs";

const { CONSUMER: consumer } = process.env;
const folder = `${consumer}/security`;

/** How long a page may take. */
const PATIENCE_MS = 120_000;

const DENO_RUN = ["run", "--no-prompt", "--allow-env", "--allow-net=127.0.0.1"];
const PROGRAMS = {
  ...Object.fromEntries(NODE_MAJORS.map((major) => [`Node ${major}`, [node(major)]])),
  Deno: [DENO, ...DENO_RUN],
  Bun: [BUN, "run", "--no-install"],
};

/** An error of each class, and how it stays uncaught. */
const UNCAUGHT = [
  "createCustomer: a bad request",
  "createCustomer: an odd code",
  "createCustomer: a body that is not JSON",
  "createCustomer: a success that is half there",
  "listCustomers: no connection",
  "createCustomer: a timeout",
  "createCustomer: an abort",
  "createCustomer: a freed client",
  "a wrong status",
  "a token's function that throws",
];
const WAYS = ["thrown", "rejected", "a cause"];

before(() => cp(fileURLToPath(new URL("..", import.meta.url)), folder, {
  recursive: true,
  filter: (path) => !path.includes("node_modules"),
}));
after(closeBrowsers);

/** A runtime runs its scenario to a separate server; here each step becomes a test. */
function scenario(name, own, run) {
  describe(name, () => {
    let servers;
    let results = [];
    let printed;
    before(async () => {
      servers = await startServers(await own.files?.());
      try {
        ({ results, printed } = await run(servers));
      } catch (error) {
        const detail = [error.stack, error.stdout, error.stderr].filter(Boolean).join("\n").slice(0, 5_000);
        results = [{ name: "all of it", ok: false, detail }];
      }
    });
    after(() => servers?.close());

    for (const step of [...canaryNames(own.views), ...transportNames]) {
      it(step, () => {
        const result = results.find(({ name }) => name === step) ?? results.find(({ ok }) => !ok);
        assert.ok(result, "the step was not run");
        assert.ok(result.ok, result.detail);
      });
    }
    it("no redirect was followed", () => {
      assert.equal(servers.redirected(), 25);
      assert.deepEqual(servers.astray, []);
    });
    it("no cookie, no referrer and no cache stood between", () => {
      assert.equal(servers.arrived.length, 10);
      for (const { headers } of servers.arrived) {
        assert.equal(headers.cookie, undefined);
        assert.equal(headers.referer, undefined);
        assert.equal(headers["if-none-match"], undefined);
        assert.equal(headers.authorization, "Bearer transport-token");
      }
    });
    it("no canary in what it prints", () => {
      const prints = printed.includes("ApiError") && printed.length > 10_000;
      assert.ok(prints || own.silent, `it prints: ${printed.slice(0, 500)}`);
      assert.deepEqual(canariesIn(printed), []);
    });
  });
}

/** The results are on the last line but for its end; everything else was printed. */
function taken({ stdout, stderr }) {
  const [printed, results] = stdout.split("\nRESULTS ");
  return { ...JSON.parse(results), printed: printed + stderr };
}

for (const [name, [path, ...args]] of Object.entries(PROGRAMS)) {
  const views = ["util.inspect", "util.inspect of everything", ...(["Deno", "Bun"].includes(name) ? [`${name}.inspect`] : [])];
  scenario(name, { views }, async ({ url }) =>
    taken(await execute(path, [...args, `${folder}/runtimes/drivers/program.mjs`], consumer, { server: url })),
  );

  describe(`${name}: an uncaught error`, { concurrency: 2 }, () => {
    for (const what of UNCAUGHT) {
      it(what, async () => {
        for (const way of WAYS) {
          const script = `${folder}/runtimes/drivers/uncaught.mjs`;
          const { code, stdout, stderr } = await execute(path, [...args, script], consumer, { way, what }).catch((error) => error);
          assert.equal(code, 1, `${way}: it ends with an error`);
          assert.match(stderr, /Error/, way);
          assert.deepEqual(canariesIn(stdout + stderr), [], way);
        }
      });
    }
  });
}

async function bundled(driver, options) {
  const outfile = `${folder}/bundles/${driver}.js`;
  await build({
    entryPoints: [`${folder}/runtimes/drivers/${driver}.mjs`],
    bundle: true,
    outfile,
    absWorkingDir: consumer,
    logLevel: "error",
    ...options,
  });
  return outfile;
}

/** Runtimes that a program hosts, and how each one's are bundled. */
const HOSTED = {
  "Cloudflare Workers (workerd)": {
    host: "workerd",
    driver: "worker",
    options: { format: "esm", conditions: ["workerd", "worker", "browser"] },
  },
  "Vercel Edge (edge-runtime)": {
    host: "edge-host",
    driver: "edge",
    options: { format: "cjs", conditions: ["edge-light", "worker", "browser"] },
  },
};
for (const [name, { host, driver, options }] of Object.entries(HOSTED)) {
  scenario(name, {}, async ({ url }) => {
    // The files are in the project's folder too, where the runtimes' tools are.
    const program = fileURLToPath(new URL(`drivers/${host}.mjs`, import.meta.url));
    const bundle = await bundled(driver, { ...options, loader: { ".wasm": "copy" } });
    return taken(await execute(node(24), [program], consumer, { server: url, bundle }));
  });
}

/** Shows a page; gives what takes it away, which gives what the browser has printed. */
async function shown(engine, url) {
  if (engine === "webkit") return startWebKit(url, `${folder}/webkit`).close;
  await visit(engine, url);
  return async () => {
    await visit(engine, "about:blank").catch(() => {});
    return printedBy(engine);
  };
}

/** Where nothing comes out of the console. */
const SILENT = ["Chromium: shared worker"];
const PLACES = {
  page: `<script src="/scenario.js"></script>`,
  worker: `<script>document.cookie = "own=1; path=/"; new Worker("/scenario.js")</script>`,
  "shared worker": `<script>document.cookie = "own=1; path=/"; new SharedWorker("/scenario.js")</script>`,
  "service worker": `<script>document.cookie = "own=1; path=/"; navigator.serviceWorker.register("/scenario.js")</script>`,
};
for (const [engine, { name }] of Object.entries(ENGINES)) {
  for (const [place, script] of Object.entries(PLACES)) {
    const files = async () => {
      const bundle = await bundled("page");
      return {
        "/": () => `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${script}`,
        "/scenario.js": () => readFile(bundle),
      };
    };
    const silent = SILENT.includes(`${name}: ${place}`);
    scenario(`${name}: ${place}`, { files, silent }, async ({ url, reported }) => {
      const patience = new AbortController();
      const close = await shown(engine, `${url}/`);
      try {
        const results = await Promise.race([reported, sleep(PATIENCE_MS, undefined, patience)]);
        if (!results) throw new Error(`the page said nothing for ${PATIENCE_MS} ms`);
        return { results, printed: await close() };
      } finally {
        patience.abort();
        await close();
      }
    });
  }
}
