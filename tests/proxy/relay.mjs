// Stands between the Worker and the sandbox: records each request, and asks the sandbox for a fault,
// which the Worker itself cannot do; or sends its own response. Bytes pass as they are, so that a
// connection that breaks on one side breaks on the other.
import { connect, createServer } from "node:net";

const END_OF_HEAD = "\r\n\r\n";

/**
 * @param {string} baseUrl the sandbox's
 * @returns {Promise<Relay>}
 *
 * @typedef {object} Relay
 * @property {string} baseUrl its own
 * @property {{ at: number, method: string, path: string, headers: Record<string, string>, body: string }[]} requests
 *   `at` is when the head was there, by `performance.now()`
 * @property {string} fault the text of `Sandbox-Fault` for the requests to come
 * @property {{ status?: number, headers?: Record<string, string>, body: string } | undefined} reply what
 *   the requests to come get, without the sandbox
 * @property {() => void} stop
 */
export async function startRelay(baseUrl) {
  const { hostname, port, pathname } = new URL(baseUrl);
  const relay = { baseUrl: "", requests: [], fault: "", reply: undefined, stop: () => server.close() };
  const server = createServer((worker) => {
    let head = "";
    const collect = (chunk) => {
      head += chunk.toString("latin1");
      const end = head.indexOf(END_OF_HEAD);
      if (end < 0) return;
      worker.off("data", collect);
      const request = { at: performance.now(), ...parse(head.slice(0, end)), body: head.slice(end + END_OF_HEAD.length) };
      relay.requests.push(request);
      worker.on("data", (more) => (request.body += more.toString("latin1")));
      if (relay.reply) respond(worker, request, relay.reply);
      else forward(worker, head);
    };
    worker.on("data", collect);
    worker.on("error", () => worker.destroy());
  });

  function forward(worker, head) {
    const sandbox = connect(Number(port), hostname);
    for (const [socket, other] of [[worker, sandbox], [sandbox, worker]]) {
      socket.on("error", () => other.destroy());
      socket.on("close", () => other.end());
    }
    sandbox.pipe(worker);
    // One request a connection: the next one has its own head to be seen.
    const added = `connection: close${relay.fault && `\r\nsandbox-fault: ${relay.fault}`}`;
    const changed = head.replace(/\r\nconnection: [^\r]*/i, "").replace("\r\n", `\r\n${added}\r\n`);
    sandbox.write(changed, "latin1");
    worker.pipe(sandbox);
  }

  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  relay.baseUrl = `http://127.0.0.1:${server.address().port}${pathname}`;
  return relay;
}

/** Sends a response once the request's body is there. */
function respond(worker, request, { status = 200, headers, body }) {
  const bytes = Buffer.from(body);
  const type = status < 400 ? "application/json" : "application/problem+json";
  const all = { "content-type": type, ...headers, "content-length": bytes.length, connection: "close" };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const sendWhole = () => {
    if (request.body.length < Number(request.headers["content-length"] ?? 0)) return;
    worker.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Test\r\n${lines.join("")}\r\n`, "latin1"), bytes]));
  };
  worker.on("data", sendWhole);
  sendWhole();
}

function parse(head) {
  const [first, ...lines] = head.split("\r\n");
  const [method, path] = first.split(" ");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { method, path, headers: Object.fromEntries(headers) };
}
