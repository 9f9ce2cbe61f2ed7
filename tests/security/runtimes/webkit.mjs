// WebKit's browser by itself: under its driver it does not print what the pages' consoles do.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

const { XVFB_RUN } = process.env;

/** Where Debian has it: in the folder of the processor, and of the version of its interface. */
function program() {
  const folders = readdirSync("/usr/lib").flatMap((folder) =>
    ["6.0", "4.1", "4.0"].map((version) => `/usr/lib/${folder}/webkit2gtk-${version}/MiniBrowser`),
  );
  const found = folders.find((path) => existsSync(path));
  if (!found) throw new Error("WebKit's MiniBrowser is missing: it comes with libwebkit2gtk");
  return found;
}

/**
 * Shows a page, on a display that nobody sees.
 *
 * @param {string} url
 * @param {string} home where it may keep what it keeps: a private window prints nothing
 * @returns {{ close: () => Promise<string> }} `close` ends it and gives what it printed
 */
export function startWebKit(url, home) {
  // Line by line: what its buffers hold is lost when it is ended.
  const args = ["--auto-servernum", "stdbuf", "-oL", program(), "--enable-write-console-messages-to-stdout=true", url];
  const browser = spawn(XVFB_RUN ?? "xvfb-run", args, {
    stdio: ["ignore", "pipe", "pipe"],
    // WebKit's own sandbox needs user namespaces, which containers seldom allow.
    env: { ...process.env, HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" },
    // A group of its own, to be ended as one: xvfb-run leaves what it has started.
    detached: true,
  });
  let printed = "";
  for (const stream of [browser.stdout, browser.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (printed += text));
  }
  const end = () => {
    try {
      process.kill(-browser.pid);
    } catch {
      // It has ended already.
    }
  };
  process.once("exit", end);
  const ended = new Promise((resolve) => browser.once("close", resolve));
  return {
    async close() {
      process.off("exit", end);
      end();
      await ended;
      return printed;
    },
  };
}
