// Runtimes that another program hosts, and that compile no WebAssembly from bytes: workerd, and
// Vercel's Edge runtime. Both get the module as a file next to the bundle.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { judgeResolution, resolutionStep } from "./drivers/resolution.js";
import { bundle } from "./install.mjs";
import { node, runProgram } from "./programs.mjs";
import { stepNames } from "./scenario.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const README_STEP = "the README's Worker handler answers with a customer's status, with 404 for none, and with 401 without a session";

const SHARED_STEP = "one client at module level serves interleaved requests, whichever are cancelled in between";

/** Cloudflare Workers, bundled with the settings that wrangler gives to the same bundler. */
export const WORKERD = {
  name: "Cloudflare Workers (workerd)",
  kind: "edge",
  needs: ["tests/runtimes/tools"],
  steps: [resolutionStep("workerd.js"), README_STEP, SHARED_STEP, ...stepNames],
  async run({ consumer, ...settings }) {
    await mkdir(`${consumer}/scenario`, { recursive: true });
    await writeFile(`${consumer}/scenario/readme.ts`, await readmeWorker());
    return hosted({
      driver: "worker.mjs",
      host: "workerd.mjs",
      entry: "workerd.js",
      consumer,
      settings: { ...settings, readmeStep: README_STEP, sharedStep: SHARED_STEP },
      options: { format: "esm", conditions: ["workerd", "worker", "browser"] },
    });
  },
};

/** Vercel's Edge runtime, bundled with the conditions that Next.js sets for it. */
export const EDGE = {
  name: "Vercel Edge (edge-runtime)",
  kind: "edge",
  needs: ["tests/runtimes/tools"],
  steps: [resolutionStep("edge-light.js"), ...stepNames],
  run: ({ consumer, ...settings }) =>
    hosted({
      driver: "edge.mjs",
      host: "edge.mjs",
      entry: "edge-light.js",
      consumer,
      settings,
      options: { format: "cjs", conditions: ["edge-light", "worker", "browser"] },
    }),
};

async function hosted({ driver, host, entry, consumer, settings, options }) {
  // "copy": the module becomes a file next to the bundle, which goes on importing it.
  const loader = { ".wasm": "copy" };
  const { file, inputs } = await bundle(driver, consumer, { ...options, loader });
  const program = here(`tools/${host}`);
  const results = await runProgram(node(24), [program], consumer, { ...settings, bundle: file });
  return [judgeResolution(inputs, entry), ...results];
}

/** The README's example that is a Worker, letter by letter. */
async function readmeWorker() {
  const readme = await readFile(here("../../README.md"), "utf8");
  const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
  const worker = examples.find((code) => code.includes("export default"));
  if (!worker) throw new Error("README.md holds no ```ts example with an `export default`");
  return worker;
}
