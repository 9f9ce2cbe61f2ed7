// Serves the console under a strict policy: `www/` at `/`, the package at `/pkg/`.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** In force in every test, besides the page's own policy. */
export const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' http://127.0.0.1:*";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * Starts it on a free port. With `upstream`, the address of a console that is served already, it
 * passes that on; otherwise it serves the files itself, with the package that `consumer` has
 * installed or else the one that is built in this project.
 */
export async function startConsole({ upstream, consumer }) {
  const pkg = consumer ? join(consumer, "node_modules/synctera-customers") : join(ROOT, "pkg");
  const find = upstream ? (path) => forward(upstream + path) : (path) => open(path, pkg);
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://console");
    const { status, type, body } = await find(normalize(pathname));
    response.writeHead(status, { "content-type": type, "content-security-policy": POLICY }).end(body);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

async function open(path, pkg) {
  const file = path.startsWith("/pkg/") ? join(pkg, path.slice(5)) : join(ROOT, "www", path === "/" ? "index.html" : path);
  try {
    return { status: 200, type: TYPES[extname(file)] ?? "text/plain", body: await readFile(file) };
  } catch {
    return { status: 404, type: "text/plain", body: "not found" };
  }
}

async function forward(url) {
  const response = await fetch(url);
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, type: response.headers.get("content-type") ?? "text/plain", body };
}
