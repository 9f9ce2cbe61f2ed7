// A server that is a page's own as well as the API behind it, and one elsewhere that nothing may reach.
import { text } from "node:stream/consumers";
import { listen } from "../../runtimes/listen.mjs";

const STORED = JSON.stringify({ id: "1", status: "ACTIVE", customers: [] });

/** What makes a browser send more than it was asked to, and keep what it got. */
const TEMPTING = {
  "content-type": "application/json",
  "cache-control": "public, max-age=3600",
  etag: '"1"',
  "set-cookie": "session=1; Path=/",
};
const OPEN = { "access-control-allow-origin": "*", "access-control-allow-headers": "*", "access-control-allow-methods": "*" };

/**
 * @param {Record<string, () => Promise<string | Buffer> | string>} [files] what else is served, by path
 */
export async function startServers(files = {}) {
  /** What arrived under `/plain`, and whatever arrived elsewhere. */
  const arrived = [];
  const astray = [];
  let redirected = 0;
  let report;
  const reported = new Promise((resolve) => (report = resolve));
  const elsewhere = await listen((request, response) => {
    astray.push(`${request.method} ${request.url}`);
    response.writeHead(200, { ...TEMPTING, ...OPEN }).end(STORED);
  });
  const own = await listen(async (request, response) => {
    const { url, method, headers } = request;
    if (url.startsWith("/plain/")) {
      arrived.push({ method, url, headers, body: await text(request) });
      response.writeHead(200, TEMPTING).end(STORED);
    } else if (url.startsWith("/redirect/")) {
      redirected += 1;
      const [, , status, ...rest] = url.split("/");
      response.writeHead(Number(status), { location: `${elsewhere.url}/${rest.join("/")}` }).end();
    } else if (url === "/results") {
      report(JSON.parse(await text(request)));
      response.end();
    } else if (files[url]) {
      const type = url === "/" ? "text/html" : "text/javascript";
      response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "set-cookie": TEMPTING["set-cookie"] });
      response.end(await files[url]());
    } else response.writeHead(404).end();
  });
  return {
    url: own.url,
    arrived,
    astray,
    reported,
    redirected: () => redirected,
    close() {
      own.close();
      elsewhere.close();
    },
  };
}
