// Hosts the Workers in workerd by miniflare: a separate program, so that it can be killed with all its Workers.
// Prints their address, then each line that they or the queues log. Takes a line of JSON for each batch of
// messages to send: `{ "worker": …, "binding": …, "messages": […] }`. Ends when its input does.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const tools = createRequire(new URL("../runtimes/tools/package.json", import.meta.url));
const { Log, LogLevel, Miniflare } = await import(pathToFileURL(tools.resolve("miniflare")).href);

const { workers, persist } = JSON.parse(process.env.WORKERS);
const miniflare = new Miniflare({
  workers,
  durableObjectsPersist: persist,
  // A line for each batch that a consumer has ended.
  log: new Log(LogLevel.INFO),
  handleRuntimeStdio(stdout, stderr) {
    for (const stream of [stdout, stderr]) createInterface({ input: stream }).on("line", (line) => console.log(line));
  },
});
const url = await miniflare.ready;
console.log(`ready ${url.origin}`);

for await (const line of createInterface({ input: process.stdin })) {
  const { worker, binding, messages } = JSON.parse(line);
  const producer = await miniflare.getQueueProducer(binding, worker);
  await producer.sendBatch(messages.map((body) => ({ body, contentType: "json" })));
}
await miniflare.dispose();
process.exit();
