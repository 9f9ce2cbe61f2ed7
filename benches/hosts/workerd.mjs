// Cloudflare's runtime as a plain program, without miniflare: a Worker behind a socket.
import { spawn } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const { platform, arch } = process;
const system = `${platform}-${arch === "x64" ? "64" : arch}`;
const WORKERD = fileURLToPath(
  new URL(`../../tests/runtimes/tools/node_modules/@cloudflare/workerd-${system}/bin/workerd`, import.meta.url),
);

/** Writes the configuration of a bundled Worker, which lies next to its WebAssembly if it has any. */
export async function configured(file) {
  const folder = dirname(file);
  const modules = (await readdir(folder)).filter((name) => name.endsWith(".wasm"));
  const configuration = `${folder}/worker.capnp`;
  await writeFile(
    configuration,
    `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [(name = "main", worker = (
        compatibilityDate = "2025-05-01",
        modules = [
          (name = "main.js", esModule = embed "main.js"),
          ${modules.map((name) => `(name = "./${name}", wasm = embed "${name}"),`).join("\n")}
        ],
      ))],
      sockets = [(name = "http", address = "127.0.0.1:0", service = "main")],
    );`,
  );
  return configuration;
}

/**
 * Starts a Worker.
 *
 * @returns {Promise<{ ask: (body: object) => Promise<string>, stop: () => Promise<void> }>} once it
 *   listens; `ask` posts JSON to it
 */
export async function startWorker(configuration) {
  const child = spawn(WORKERD, ["serve", configuration, "--control-fd=3"], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  let complaints = "";
  child.stderr.on("data", (chunk) => (complaints += chunk));
  const port = await listening(child.stdio[3]);
  if (!port) {
    await ended;
    throw new Error(`workerd ended at once: ${complaints}`);
  }
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    ask: (body) => post(port, agent, JSON.stringify(body)),
    async stop() {
      agent.destroy();
      child.kill();
      await ended;
    },
  };
}

/** The port, which workerd writes to the pipe once it listens. */
async function listening(pipe) {
  for await (const line of createInterface({ input: pipe })) {
    const { event, port } = JSON.parse(line);
    if (event === "listen") return port;
  }
  return undefined;
}

function post(port, agent, body) {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, agent, method: "POST", path: "/" }, async (response) => {
      const answer = await text(response);
      if (response.statusCode === 200) resolve(answer);
      else reject(new Error(`the Worker answered ${response.statusCode}: ${answer}`));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
