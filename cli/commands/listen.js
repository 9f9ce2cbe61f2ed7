import { once } from "node:events";
import { createServer } from "node:http";
import { WebhookError, unwrap } from "synctera-customers/webhooks";
import { wholeNumber } from "../arguments.js";
import { CliError, UsageError } from "../exit.js";
import { writeOut } from "../streams.js";
import { addWebhook, lineOf, secretsOf } from "../webhooks.js";
/** @import { Command } from "commander" */
/** @import { Context } from "../program.js" */
/** @import { IncomingMessage, Server } from "node:http" */
/** @import { Messages } from "../messages.js" */
/** @import { Options } from "../options.js" */

/** The largest body that is read. */
const MAX_BODY_BYTES = 1 << 20;

/** How long the target of `--forward` may take. */
const FORWARD_TIMEOUT_MS = 30_000;

/** Headers that belong to one connection (RFC 9110 §7.6.1), and those that `fetch` sets itself. */
const NOT_FORWARDED = new Set([
  "connection", "content-length", "expect", "host", "keep-alive", "proxy-authenticate", "proxy-authorization",
  "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
]);

/**
 * `listen`: receives webhooks on this machine.
 *
 * @param {Command} program
 * @param {Context} context
 */
export function addListen(program, { messages, signal }) {
  const command = program
    .command("listen")
    .description("Receive webhooks on loopback, check them, print their type and id, and forward them.")
    .option("--port <n>", "port to listen on; 0 takes a free one", wholeNumber("--port", 0, 65_535), 8787)
    .option("--forward <url>", "send each checked webhook there, body and headers unchanged");
  addWebhook(command)
    .addHelpText(
      "after",
      `
Synctera reaches this machine only through a tunnel. What no secret has signed is answered with 401, and neither
printed nor forwarded.

Examples:
  $ synctera-customers listen --secret-file secret.txt
  $ synctera-customers listen --port 4000 --forward http://127.0.0.1:3000/webhooks --secret-file secret.txt
  $ synctera-customers listen --format json --secret-file secret.txt | jq .event_resource`,
    )
    .action(async (/** @type {Options} */ options) => {
      const secrets = await secretsOf(options);
      const target = options.forward === undefined ? undefined : urlOf(options.forward);
      const server = createServer((request, response) => {
        receive(request, { secrets, target, messages, format: options.format })
          .catch(() => 500)
          .then((status) => response.writeHead(status, { connection: "close" }).end());
      });
      await listenOn(server, options.port);
      messages.say(`Listening on http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`);
      if (!signal.aborted) await once(signal, "abort");
      server.close();
      server.closeAllConnections?.();
    });
}

/**
 * @param {Server} server
 * @param {number | undefined} port
 */
async function listenOn(server, port) {
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    throw new CliError(`The port cannot be listened on: ${error.code ?? "unknown reason"}.`);
  }
}

/**
 * Handles one request; returns the status of its response.
 *
 * @param {IncomingMessage} request
 * @param {{ secrets: string[], target: string | undefined, messages: Messages, format: string }} how
 */
async function receive(request, { secrets, target, messages, format }) {
  if (request.method !== "POST") return 405;
  const body = await bodyOf(request);
  if (body === undefined) {
    messages.say("A request was rejected: its body is larger than 1 MiB.");
    return 413;
  }
  let event;
  try {
    event = await unwrap(body, request.rawHeaders, { secrets });
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error;
    messages.say(error.message);
    return 401;
  }
  await writeOut([lineOf(event, format)]);
  return target === undefined ? 204 : forward(request, body, target, messages);
}

/**
 * The body, or nothing if it is too large. It is read to its end all the same: Deno sends no
 * response once the loop is left before.
 *
 * @param {IncomingMessage} request
 */
async function bodyOf(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return length <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

/**
 * Sends a webhook on; returns the target's status, or 502, upon which Synctera delivers it again.
 *
 * @param {IncomingMessage} request
 * @param {Buffer<ArrayBuffer>} body
 * @param {string} target
 * @param {Messages} messages
 */
async function forward(request, body, target, messages) {
  // Node joins the values of each header that a webhook has.
  const sent = /** @type {[string, string][]} */ (Object.entries(request.headers));
  const headers = sent.filter(([name]) => !NOT_FORWARDED.has(name));
  try {
    const response = await fetch(target, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(FORWARD_TIMEOUT_MS),
    });
    await response.body?.cancel();
    messages.say(`Forwarded: ${response.status}`);
    return response.status;
  } catch (error) {
    messages.say(`Not forwarded: ${error.cause?.code ?? error.name}`);
    return 502;
  }
}

/** @param {string} text */
function urlOf(text) {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new UsageError("--forward takes an http or https URL.");
  return text;
}
