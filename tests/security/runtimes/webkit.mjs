// WebKit's browser by itself: under its driver it does not print what the pages' consoles do.
import { existsSync, readdirSync } from "node:fs";
import { startGroup } from "../../runtimes/group.mjs";
import { WEBKIT_ENVIRONMENT } from "../../runtimes/webdriver.mjs";

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
 * Shows a page, on a virtual display.
 *
 * @param {string} url
 * @param {string} home where it may keep what it keeps: a private window prints nothing
 * @returns {{ close: () => Promise<string> }} `close` ends it and gives what it printed
 */
export function startWebKit(url, home) {
  // Line by line: what its buffers hold is lost when it is ended.
  const args = ["--auto-servernum", "stdbuf", "-oL", program(), "--enable-write-console-messages-to-stdout=true", url];
  const places = { HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home };
  const browser = startGroup(XVFB_RUN ?? "xvfb-run", args, { ...WEBKIT_ENVIRONMENT, ...places });
  return {
    async close() {
      browser.end();
      await browser.closed;
      return browser.takePrinted();
    },
  };
}
