// The whole program as it is deployed: several consumers, each in its own isolate, which share the Durable
// Objects; and a Worker that keeps what the other two queues get.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { node } from "../runtimes/programs.mjs";

export const LIMIT = { requests: 6, windowMs: 500 };
const TIMEOUT_MS = 1_500;
export const INTAKE_TOKEN = "intake-token-of-the-tests";

/** Miniflare gives a queue one consumer, where Cloudflare starts many: so each consumer has a queue. */
const CONSUMERS = ["consumer-1", "consumer-2", "consumer-3", "consumer-4"];
const queueOf = (consumer) => `rows-of-${consumer}`;

const COLLECTOR = `export default {
  async queue({ queue, messages }) {
    for (const { body } of messages) console.log("collected " + JSON.stringify({ queue, body }));
  }
}`;

function workersOf(built, { baseUrl, token }) {
  const [first] = CONSUMERS;
  const common = { modules: built.modules, modulesRoot: built.root, compatibilityDate: built.date };
  const consumers = CONSUMERS.map((name) => {
    const objectOf = (className) => ({ className, useSQLite: true, ...(name !== first && { scriptName: first }) });
    return {
      ...common,
      name,
      bindings: {
        SYNCTERA_API_KEY: token,
        SYNCTERA_BASE_URL: baseUrl,
        INTAKE_TOKEN,
        LIMIT_REQUESTS: LIMIT.requests,
        LIMIT_WINDOW_MS: LIMIT.windowMs,
        TIMEOUT_MS,
        RETRY_SECONDS: 1,
      },
      durableObjects: { LIMIT: objectOf("Limit"), JOURNAL: objectOf("Journal") },
      queueProducers: { ROWS: queueOf(name), CREATED: "rows-created", FAILED: "rows-failed" },
      queueConsumers: { [queueOf(name)]: { maxBatchSize: 15, maxBatchTimeout: 0.05, maxRetries: 50, deadLetterQueue: "rows-failed" } },
    };
  });
  const collector = {
    name: "collector",
    modules: true,
    script: COLLECTOR,
    compatibilityDate: built.date,
    queueConsumers: { "rows-created": { maxBatchTimeout: 0.05 }, "rows-failed": { maxBatchTimeout: 0.05 } },
  };
  return [...consumers, collector];
}

/**
 * Starts the program, or starts it again.
 *
 * @param {object} built by `buildWorker`
 * @param {{ baseUrl: string, token: string }} api
 * @param {string} persist where the Durable Objects are kept
 */
export async function startProgram(built, api, persist) {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const host = spawn(node(24), [fileURLToPath(new URL("host.mjs", import.meta.url))], {
    env: { ...env, NO_COLOR: "1", WORKERS: JSON.stringify({ workers: workersOf(built, api), persist }) },
    stdio: ["pipe", "pipe", "inherit"],
    // A process group, so that `kill` takes workerd along.
    detached: true,
  });
  const ended = once(host, "exit");
  const lines = [];
  let isReady;
  const ready = new Promise((resolve) => (isReady = resolve));
  createInterface({ input: host.stdout }).on("line", (line) => {
    lines.push(line);
    if (line.startsWith("ready ")) isReady(line.slice("ready ".length));
  });
  const url = await Promise.race([ready, ended.then(() => undefined)]);
  if (url === undefined) throw new Error(`workerd did not start:\n${lines.join("\n")}`);

  let sent = 0;
  return {
    url,
    lines,
    /** Sends messages to the queue of a consumer, by its number from 0. */
    send(consumer, messages) {
      for (let at = 0; at < messages.length; at += 100) {
        const line = { worker: CONSUMERS[consumer], binding: "ROWS", messages: messages.slice(at, at + 100) };
        host.stdin.write(`${JSON.stringify(line)}\n`);
      }
      sent += messages.length;
    },
    /** Whether each message has ended: done, or in `rows-failed` after too many deliveries. */
    isDrained: () => acknowledgedOf(lines) >= sent,
    /** How many messages each consumer has acknowledged. */
    acknowledged: () => CONSUMERS.map((consumer) => acknowledgedOf(lines, queueOf(consumer))),
    /** What a queue got. */
    collected: (queue) => collectedOf(lines, queue),
    async kill() {
      process.kill(-host.pid, "SIGKILL");
      await ended;
    },
    async stop() {
      host.stdin.end();
      await ended;
    },
  };
}

/** From miniflare's own lines, such as `QUEUE rows-of-consumer-1 9/10 (12ms)`. */
function acknowledgedOf(lines, queue = "rows-of-") {
  const counts = lines.map((line) => /QUEUE (\S+) (\d+)\/\d+/.exec(line)).filter((match) => match?.[1].startsWith(queue));
  return counts.reduce((sum, [, , count]) => sum + Number(count), 0);
}

export function collectedOf(lines, queue) {
  const collected = lines.filter((line) => line.startsWith("collected ")).map((line) => JSON.parse(line.slice("collected ".length)));
  return collected.filter((one) => one.queue === queue).map(({ body }) => body);
}
