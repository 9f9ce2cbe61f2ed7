// Hosts the bundled Worker in workerd by miniflare, which wants a newer Node than the package does:
// a program of its own.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

const { BUNDLE, SERVER } = process.env;

const tools = createRequire(new URL("../../../runtimes/tools/package.json", import.meta.url));
const { Miniflare } = await import(pathToFileURL(tools.resolve("miniflare")).href);

const miniflare = new Miniflare({
  modules: true,
  modulesRoot: dirname(BUNDLE),
  modulesRules: [
    { type: "ESModule", include: ["**/*.js"] },
    { type: "CompiledWasm", include: ["**/*.wasm"] },
  ],
  scriptPath: BUNDLE,
  compatibilityDate: "2025-05-01",
});
try {
  const response = await miniflare.dispatchFetch("http://worker.example/", { method: "POST", body: JSON.stringify({ server: SERVER }) });
  const text = await response.text();
  if (!response.ok) throw new Error(`the Worker answered ${response.status}: ${text}`);
  console.log(`\nRESULTS ${JSON.stringify({ results: JSON.parse(text), views: [] })}`);
} finally {
  await miniflare.dispose();
}
