// Where calls go wrong that no header sends astray: a port at which nothing listens, and a server
// that redirects to another origin.
import { listen } from "../runtimes/listen.mjs";

/** What a page of another origin gets, so that it sees the redirect and not its browser's refusal. */
const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "authorization, content-type, idempotency-key, sandbox-fault",
  "access-control-allow-methods": "GET, POST, PATCH, PUT",
};

export async function openPlaces() {
  const reached = [];
  const elsewhere = await listen((request, response) => {
    reached.push(`${request.method} ${request.url}`);
    response.writeHead(200, CORS).end("{}");
  });
  let redirected = 0;
  const redirector = await listen((request, response) => {
    if (request.method === "OPTIONS") return response.writeHead(204, CORS).end();
    redirected += 1;
    response.writeHead(307, { ...CORS, location: `${elsewhere.url}${request.url}` }).end();
  });
  const closed = await listen(() => {});
  closed.close();
  return {
    urls: { closed: `${closed.url}/v0`, redirector: `${redirector.url}/v0` },
    /** What came to where the redirects pointed. */
    reached,
    redirected: () => redirected,
    close() {
      elsewhere.close();
      redirector.close();
    },
  };
}
