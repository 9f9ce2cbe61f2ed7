// Workers in workerd by miniflare. It wants a newer Node than the package does, so the program that imports
// this is a separate program.
import { dirname } from "node:path";
import { Miniflare } from "miniflare";

/** A bundled Worker as wrangler starts one: a file of modules, of which some are WebAssembly. */
export function workerOf(bundle) {
  return {
    modules: true,
    modulesRoot: dirname(bundle),
    modulesRules: [
      { type: "ESModule", include: ["**/*.js"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    scriptPath: bundle,
    // The strict world: since June 2025 workerd lets a Worker compile bytes while it starts.
    compatibilityDate: "2025-05-01",
  };
}

/** What a bundled Worker answers to a body. */
export async function responseOf(bundle, body) {
  const miniflare = new Miniflare(workerOf(bundle));
  try {
    const response = await miniflare.dispatchFetch("http://worker.example/", { method: "POST", body });
    const text = await response.text();
    if (!response.ok) throw new Error(`the Worker answered ${response.status}: ${text}`);
    return text;
  } finally {
    await miniflare.dispose();
  }
}
