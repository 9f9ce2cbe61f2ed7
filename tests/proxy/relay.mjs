// Stands between the Worker and the sandbox: writes down the head of each request, and asks the
// sandbox for a fault, which the Worker itself cannot do. Bytes pass as they are, so that a
// connection that breaks on one side breaks on the other.
import { connect, createServer } from "node:net";

const END_OF_HEAD = "\r\n\r\n";

/**
 * @param {string} baseUrl the sandbox's
 * @returns {Promise<Relay>}
 *
 * @typedef {object} Relay
 * @property {string} baseUrl its own
 * @property {{ method: string, path: string, headers: Record<string, string> }[]} requests
 * @property {string} fault the text of `Sandbox-Fault` for the requests to come
 * @property {() => void} stop
 */
export async function startRelay(baseUrl) {
  const { hostname, port, pathname } = new URL(baseUrl);
  const relay = { baseUrl: "", requests: [], fault: "", stop: () => server.close() };
  const server = createServer((worker) => {
    const sandbox = connect(Number(port), hostname);
    for (const [socket, other] of [[worker, sandbox], [sandbox, worker]]) {
      socket.on("error", () => other.destroy());
      socket.on("close", () => other.end());
    }
    sandbox.pipe(worker);
    let head = "";
    const collect = (chunk) => {
      head += chunk.toString("latin1");
      const end = head.indexOf(END_OF_HEAD);
      if (end < 0) return;
      worker.off("data", collect);
      relay.requests.push(parse(head.slice(0, end)));
      // One request a connection: the next one has a head of its own to be seen.
      const added = `connection: close${relay.fault && `\r\nsandbox-fault: ${relay.fault}`}`;
      const changed = head.replace(/\r\nconnection: [^\r]*/i, "").replace("\r\n", `\r\n${added}\r\n`);
      sandbox.write(changed, "latin1");
      worker.pipe(sandbox);
    };
    worker.on("data", collect);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  relay.baseUrl = `http://127.0.0.1:${server.address().port}${pathname}`;
  return relay;
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
