// A program with all that it starts, ended as one: xvfb-run leaves what it has started.
import { spawn } from "node:child_process";

/** What ends those that run. @type {Set<() => void>} */
const running = new Set();

let watching = false;

/** None outlives this process, however that ends. */
function watch() {
  if (watching) return;
  watching = true;
  process.once("exit", () => running.forEach((end) => end()));
  // Their default ends this process without that event, and a separate group hears no Ctrl-C.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
}

/**
 * Starts a program.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {Record<string, string>} [environment] besides this process's own
 * @returns `closed` settles once all it printed has arrived; `takePrinted` gives what it printed since
 *   it was last asked
 */
export function startGroup(program, args, environment) {
  watch();
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
    detached: true,
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (printed += text));
  }
  const end = () => {
    running.delete(end);
    try {
      process.kill(-child.pid);
    } catch {
      // It has ended already.
    }
  };
  running.add(end);
  const closed = new Promise((resolve) => child.once("close", resolve));
  return {
    child,
    end,
    closed,
    takePrinted() {
      const taken = printed;
      printed = "";
      return taken;
    },
  };
}
