// A server of a test's own, on a free port of loopback.
import { createServer } from "node:http";

/** @param {import("node:http").RequestListener} handle */
export async function listen(handle) {
  const server = createServer(handle);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
