// Serves one page that runs the scenario, or that starts a worker which does.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/** Reports to the server whatever goes wrong where nothing else would. In each page, first of all. */
const REPORT_ERRORS = `
  const sendTrouble = (text) => fetch("/trouble", { method: "POST", body: String(text) });
  addEventListener("error", (event) => sendTrouble(event.message ?? "a script could not be loaded"), true);
  addEventListener("unhandledrejection", ({ reason }) => sendTrouble(reason?.stack ?? reason));
`;

/** What else runs in a browser than a page: what a page's script does to start it. */
const LAUNCHERS = {
  "/worker.js": `new Worker("/scenario.js").onerror = ({ message }) => sendTrouble("worker: " + message);`,
  "/shared-worker.js": `new SharedWorker("/scenario.js").onerror = () => sendTrouble("shared worker: error");`,
  "/service-worker.js": `navigator.serviceWorker.register("/scenario.js").catch(sendTrouble);`,
};

/** The only name that native modules need explained. */
const IMPORTS = { "synctera-customers": "/node_modules/synctera-customers/entries/default.js" };

/**
 * What a page reports first: its scenario, or its trouble. Or nothing, once its caller no longer waits.
 *
 * @typedef {object} PageReport
 * @property {{ scope: string, results: import("./matrix.mjs").Result[] }} [scenario]
 * @property {string} [trouble] the error that the page saw
 */

/**
 * @param {object} page
 * @param {string[]} [page.scripts] the scripts in it
 * @param {string} [page.module] or the one module
 * @param {string} [page.policy] its Content-Security-Policy
 * @param {(path: string) => Promise<string | Buffer | undefined>} files what else is served
 * @param {object} settings what the page may ask for
 * @returns {Promise<{ url: string, report: Promise<PageReport>, close: () => void }>} `report` settles
 *   when the page reports something
 */
export async function servePage(page, files, settings) {
  let resolveReport;
  const report = new Promise((resolve) => (resolveReport = resolve));
  const routes = {
    "/": () => html(page),
    "/settings": () => JSON.stringify(settings),
    "/report-errors.js": () => REPORT_ERRORS,
    async "/scenario"(request) {
      resolveReport({ scenario: JSON.parse(await text(request)) });
      return "";
    },
    async "/trouble"(request) {
      resolveReport({ trouble: await text(request) });
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
    report,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function html({ scripts = [], module }) {
  return [
    '<!doctype html><meta charset="utf-8"><title>scenario</title><link rel="icon" href="data:,">',
    ...["/report-errors.js", ...scripts].map((path) => `<script src="${path}"></script>`),
    ...(module
      ? [
          `<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>`,
          `<script type="module" src="${module}"></script>`,
        ]
      : []),
  ].join("\n");
}
