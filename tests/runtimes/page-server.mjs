// Serves one page that tells the story, or that starts a worker which does.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/** Tells the server of whatever goes wrong where nobody else would. In each page, first of all. */
const TELL_TALE = `
  const tell = (text) => fetch("/trouble", { method: "POST", body: String(text) });
  addEventListener("error", (event) => tell(event.message ?? "a script could not be loaded"), true);
  addEventListener("unhandledrejection", ({ reason }) => tell(reason?.stack ?? reason));
`;

/** What else runs in a browser than a page: what a page's script does to start it. */
const LAUNCHERS = {
  "/worker.js": `new Worker("/story.js").onerror = ({ message }) => tell("worker: " + message);`,
  "/shared-worker.js": `new SharedWorker("/story.js").onerror = () => tell("shared worker: error");`,
  "/service-worker.js": `navigator.serviceWorker.register("/story.js").catch(tell);`,
};

/** The only name that native modules need explained. */
const IMPORTS = { "synctera-customers": "/node_modules/synctera-customers/entries/default.js" };

/**
 * What a page tells first: its story, or its trouble. Or nothing, to whoever will not wait longer.
 *
 * @typedef {object} Told
 * @property {{ scope: string, results: import("./story.mjs").Result[] }} [story]
 * @property {string} [trouble] the error that the page saw
 */

/**
 * @param {object} page
 * @param {string[]} [page.scripts] the scripts in it
 * @param {string} [page.module] or the one module
 * @param {string} [page.policy] its Content-Security-Policy
 * @param {(path: string) => Promise<string | Buffer | undefined>} files what else is served
 * @param {object} settings what the page may ask for
 * @returns {Promise<{ url: string, told: Promise<Told>, close: () => void }>} `told` settles
 *   when the page tells something
 */
export async function servePage(page, files, settings) {
  let tell;
  const told = new Promise((resolve) => (tell = resolve));
  const routes = {
    "/": () => html(page),
    "/settings": () => JSON.stringify(settings),
    "/tell-tale.js": () => TELL_TALE,
    async "/story"(request) {
      tell({ story: JSON.parse(await text(request)) });
      return "";
    },
    async "/trouble"(request) {
      tell({ trouble: await text(request) });
      return "";
    },
  };
  const server = createServer(async (request, response) => {
    const { url } = request;
    const body = (await routes[url]?.(request)) ?? LAUNCHERS[url] ?? (await files(url));
    response.writeHead(body === undefined ? 404 : 200, {
      "content-type": `${url === "/" ? "text/html" : "text/javascript"}; charset=utf-8`,
      ...(page.policy && { "content-security-policy": page.policy }),
    });
    response.end(body);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    told,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function html({ scripts = [], module }) {
  return [
    '<!doctype html><meta charset="utf-8"><title>story</title><link rel="icon" href="data:,">',
    ...["/tell-tale.js", ...scripts].map((path) => `<script src="${path}"></script>`),
    ...(module
      ? [
          `<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>`,
          `<script type="module" src="${module}"></script>`,
        ]
      : []),
  ].join("\n");
}
