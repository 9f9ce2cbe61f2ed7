// The sandbox, as the tests start it: the real program, on a free port.
import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { createInterface } from "node:readline";

/**
 * Starts it; `stop()` ends it, and so does the end of this process. What it says of each request goes
 * to the standard error, or into the file that SANDBOX_LOG names.
 */
export function startSandbox(...args) {
  return startSandboxWithToken(undefined, ...args);
}

/** The same with this token instead of a new one; not as an argument, which all users of a machine see. */
export async function startSandboxWithToken(token, ...args) {
  const program = process.env.SANDBOX;
  if (!program) {
    throw new Error("SANDBOX names no program: run these tests by `cargo xtask test`");
  }
  const log = process.env.SANDBOX_LOG ? openSync(process.env.SANDBOX_LOG, "w") : "inherit";
  const child = spawn(program, ["--port", "0", "--exit-with-parent", ...args], {
    stdio: ["pipe", "pipe", log],
    env: { ...process.env, SANDBOX_TOKEN: token },
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
  const itsToken = await value("Token:");
  // Its other lines are read and dropped: a full pipe would stop it.
  (async () => {
    while (!(await lines.next()).done);
  })();
  return { baseUrl, token: itsToken, stop: () => child.kill() };
}
