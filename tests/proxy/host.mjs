// Hosts Workers in workerd by miniflare, which wants a newer Node than the package does: a program of
// its own. Prints where they are, then each line that they log; ends when its input does.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const tools = createRequire(new URL("../runtimes/tools/package.json", import.meta.url));
const { Miniflare } = await import(pathToFileURL(tools.resolve("miniflare")).href);

const workers = JSON.parse(process.env.WORKERS).map(({ name, built, bindings, ratelimits }) => ({
  name,
  modules: built.modules,
  modulesRoot: built.root,
  compatibilityDate: built.date,
  bindings,
  ...(ratelimits && { ratelimits }),
  unsafeDirectSockets: [{}],
}));

const miniflare = new Miniflare({
  workers,
  handleRuntimeStdio(stdout, stderr) {
    createInterface({ input: stdout }).on("line", (line) => console.log(line));
    stderr.pipe(process.stderr);
  },
});
const urls = {};
for (const { name } of workers) urls[name] = (await miniflare.unsafeGetDirectURL(name)).origin;
console.log(JSON.stringify(urls));
process.stdin.resume();
process.stdin.once("end", async () => {
  await miniflare.dispose();
  process.exit();
});
