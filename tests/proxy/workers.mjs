// Starts Workers in workerd.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { node } from "../runtimes/programs.mjs";

/**
 * @param {{ name: string, built: object, bindings: object, ratelimits?: object }[]} workers
 * @returns {Promise<{ urls: Record<string, string>, lines: string[], stop: () => Promise<void> }>} the
 *   origin of each, and what they have logged so far
 */
export async function startWorkers(workers) {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const host = spawn(node(24), [fileURLToPath(new URL("host.mjs", import.meta.url))], {
    env: { ...env, WORKERS: JSON.stringify(workers) },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = [];
  const output = createInterface({ input: host.stdout });
  const first = await Promise.race([once(output, "line"), once(host, "exit")]);
  if (typeof first[0] !== "string") throw new Error("workerd did not start");
  output.on("line", (line) => lines.push(line));
  return {
    urls: JSON.parse(first[0]),
    lines,
    async stop() {
      const ended = once(host, "exit");
      host.stdin.end();
      await ended;
    },
  };
}
