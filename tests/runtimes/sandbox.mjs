// The sandbox, as the tests start it: the real program, on a free port.
import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { createInterface } from "node:readline";

/**
 * Starts it; `stop()` ends it, and so does the end of this process. What it says of each request goes
 * to the standard error, or into the file that SANDBOX_LOG names.
 */
export async function startSandbox(...args) {
  const program = process.env.SANDBOX;
  if (!program) {
    throw new Error("SANDBOX names no program: run these tests by `cargo xtask test`");
  }
  const log = process.env.SANDBOX_LOG ? openSync(process.env.SANDBOX_LOG, "w") : "inherit";
  const child = spawn(program, ["--port", "0", "--exit-with-parent", ...args], {
    stdio: ["pipe", "pipe", log],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const value = async (label) => {
    const { value: line } = await lines.next();
    if (!line?.startsWith(label)) {
      child.kill();
      throw new Error(`the sandbox printed ${JSON.stringify(line)} where "${label} …" is wanted`);
    }
    return line.slice(label.length).trim();
  };
  const baseUrl = await value("Base URL:");
  const token = await value("Token:");
  // Its other lines are read and dropped: a full pipe would stop it.
  (async () => {
    while (!(await lines.next()).done);
  })();
  return { baseUrl, token, stop: () => child.kill() };
}
