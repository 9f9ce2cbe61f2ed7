import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { wholeNumber } from "../arguments.js";
import { CliError, EXIT, UsageError } from "../exit.js";
import { writeOut } from "../streams.js";

/** The largest body that is read; the sandbox itself refuses half of it. */
const MAX_BODY_BYTES = 2 << 20;

/**
 * `sandbox`: the local imitation of the API, in memory, behind a server on loopback.
 *
 * @param {import("commander").Command} program
 * @param {{ signal: AbortSignal }} context
 */
export function addSandbox(program, { signal }) {
  program
    .command("sandbox")
    .description("Serve a local imitation of the API on loopback, in memory, until it is interrupted.")
    .argument("[command...]", "after `--`: a program that gets the two variables, and whose end is the sandbox's")
    .option("--port <n>", "port to listen on; 0 takes a free one", wholeNumber("--port", 0, 65_535), 0)
    .option("--customers <n>", "fictional customers to begin with", wholeNumber("--customers", 0, 1_000_000), 50)
    .option("--seed <n>", "which fictional customers these are", wholeNumber("--seed", 0, Number.MAX_SAFE_INTEGER), 1)
    .addHelpText(
      "after",
      `
It prints the two variables that the other commands and the package need. A request gets a fault by the header
Sandbox-Fault, such as \`drop=after\` or \`status=503\`.

Examples:
  $ synctera-customers sandbox --customers 250
  $ synctera-customers sandbox --port 4010
  $ synctera-customers sandbox -- npm run dev`,
    )
    .action(async (command, options) => {
      // Only here: the other commands need not load it.
      const { createSandbox } = await import("synctera-customers/testing");
      const sandbox = createSandbox({
        seed: options.seed,
        customers: options.customers,
        token: crypto.randomUUID(),
        realTime: true,
        loopbackOnly: true,
      });
      const server = createServer((request, response) => {
        answer(sandbox, request, response).catch(() => request.socket.destroy());
      });
      server.listen(options.port, "127.0.0.1");
      try {
        await once(server, "listening");
      } catch (error) {
        throw new CliError(`The port cannot be listened on: ${error.code ?? "unknown reason"}.`);
      }
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      const variables = { SYNCTERA_BASE_URL: `http://127.0.0.1:${port}/v0`, SYNCTERA_API_KEY: sandbox.token };
      await writeOut(Object.entries(variables).map(([name, value]) => `${name}=${value}\n`));
      try {
        if (command.length > 0) await runProgram(command, variables, signal);
        else if (!signal.aborted) await once(signal, "abort");
      } finally {
        server.close();
        server.closeAllConnections?.();
      }
    });
}

/**
 * Runs a program to its end, which a signal to this one brings about. Its exit code becomes this one's.
 *
 * @param {string[]} command
 * @param {Record<string, string>} variables
 * @param {AbortSignal} signal
 */
async function runProgram([program, ...args], variables, signal) {
  const child = spawn(program, args, {
    stdio: "inherit",
    env: { ...process.env, ...variables },
    // On Windows only a shell finds the `.cmd` files by which programs of npm's start.
    shell: process.platform === "win32",
  });
  const end = () => child.kill();
  signal.addEventListener("abort", end);
  if (signal.aborted) end();
  const [code] = await once(child, "exit").catch((error) => {
    throw new UsageError(`The command cannot be started: ${error.code ?? "unknown reason"}.`);
  });
  signal.removeEventListener("abort", end);
  if (code !== 0) throw new CliError(`The command ended with ${code === null ? "a signal" : `exit code ${code}`}.`, code ?? EXIT.failed);
}

/**
 * Answers a request; rejects where its connection is to be cut.
 *
 * @param {import("synctera-customers/testing").Sandbox} sandbox
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
async function answer(sandbox, request, response) {
  const body = await bodyOf(request);
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const { method, headers } = request;
  const init = { method, headers, body, signal: gone.signal };
  const given = await sandbox.fetch(`http://127.0.0.1${request.url}`, init);
  // It is not read here, and would grow.
  sandbox.requests.length = 0;
  response.writeHead(given.status, [...given.headers].flat());
  if (given.body !== null) for await (const part of given.body) response.write(part);
  response.end();
}

/**
 * The body of a request; `undefined` if it has none.
 *
 * @param {import("node:http").IncomingMessage} request
 */
async function bodyOf(request) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > MAX_BODY_BYTES) throw new Error("too large");
    parts.push(part);
  }
  return length === 0 ? undefined : Buffer.concat(parts).toString();
}
