// What `listen` and `verify` share.
import { CredentialsError } from "./exit.js";
import { readSecret } from "./connection.js";
import { oneOf } from "./arguments.js";

/**
 * The options of a command that checks webhooks.
 *
 * @param {import("commander").Command} command
 */
export function addWebhook(command) {
  return command
    .option("--secret-file <file>", "file that holds the webhook's secret, or two on a line each; else SYNCTERA_WEBHOOK_SECRET")
    .option("--format <name>", "text (default): type and id; json or jsonl: the whole event on a line", oneOf("--format", ["text", "json", "jsonl"]), "text")
    .option("--quiet", "no messages, only errors");
}

/**
 * The secrets of a file or of the environment: two while one is being replaced.
 *
 * @param {{ secretFile?: string }} options
 */
export async function secretsOf({ secretFile }) {
  const text = secretFile === undefined ? process.env.SYNCTERA_WEBHOOK_SECRET ?? "" : await readSecret(secretFile, "--secret-file");
  const secrets = text.split(/\s+/).filter(Boolean);
  if (secrets.length === 0) {
    throw new CredentialsError("There is no webhook secret: set SYNCTERA_WEBHOOK_SECRET, or give --secret-file FILE.");
  }
  return secrets;
}

/**
 * A verified event as a line, without control characters, which would reach the terminal.
 *
 * @param {{ type: string, id: string }} event
 * @param {string} format
 */
export function lineOf(event, format) {
  return format === "text" ? `${event.type} ${event.id}`.replace(/\p{Cc}/gu, "\ufffd") + "\n" : `${JSON.stringify(event)}\n`;
}
