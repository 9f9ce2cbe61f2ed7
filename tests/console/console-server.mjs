// The console as `cargo xtask console` serves it: the real program, on a free port.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/**
 * Starts it with the installed package; `stop()` ends it. With `connection` there is a `link` that
 * connects to that server, once.
 */
export async function startConsole(connection) {
  const { XTASK, CONSUMER } = process.env;
  if (!XTASK || !CONSUMER) throw new Error("run these tests by `cargo xtask test`");
  const env = { ...process.env };
  if (connection) Object.assign(env, { SYNCTERA_BASE_URL: connection.baseUrl, SYNCTERA_TOKEN: connection.token });
  const args = ["console", "--package", join(CONSUMER, "node_modules/synctera-customers")];
  const child = spawn(XTASK, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  const kill = () => child.kill();
  process.once("exit", kill);
  const stop = () => {
    process.off("exit", kill);
    kill();
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const [, link] = line.match(/^Console: +(\S+)$/) ?? [];
    if (link) return { url: new URL(link).origin, link, stop };
  }
  throw new Error("the console printed no address");
}
