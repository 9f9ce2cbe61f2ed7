import { WebhookError, unwrap } from "synctera-customers/webhooks";
import { wholeNumber } from "../arguments.js";
import { CliError, UsageError } from "../exit.js";
import { readBytes, readStdin, readText, writeOut } from "../streams.js";
import { addWebhook, lineOf, secretsOf } from "../webhooks.js";
/** @import { Command } from "commander" */
/** @import { Context } from "../program.js" */
/** @import { Options } from "../options.js" */

/**
 * `verify`: a webhook that was saved.
 *
 * @param {Command} program
 * @param {Context} context
 */
export function addVerify(program, { messages, signal }) {
  const command = program
    .command("verify")
    .description("Check a saved webhook and print its event.")
    .argument("<body>", "file with the body as it came, or - for stdin")
    .option("--headers <file>", "file with the headers: JSON, or `Name: value` lines")
    .option("--signature <text>", "the header Synctera-Signature, instead of --headers")
    .option("--timestamp <text>", "the header Request-Timestamp, instead of --headers")
    .option("--tolerance <seconds>", "how old the webhook may be (default: any age, as it was saved)", wholeNumber("--tolerance", 0, 1e9));
  addWebhook(command)
    .addHelpText(
      "after",
      `
Examples:
  $ synctera-customers verify body.json --headers headers.txt --secret-file secret.txt
  $ synctera-customers verify body.json --signature 5f2c… --timestamp 1767225600`,
    )
    .action(async (/** @type {string} */ file, /** @type {Options} */ options) => {
      const secrets = await secretsOf(options);
      const body = file === "-" ? await readStdin(signal) : await readBytes(file);
      const toleranceMs = options.tolerance === undefined ? Infinity : options.tolerance * 1000;
      try {
        const event = await unwrap(body, await headersOf(options, signal), { secrets, toleranceMs });
        await writeOut([lineOf(event, options.format)]);
        messages.say("The signature is valid.");
      } catch (error) {
        throw error instanceof WebhookError ? new CliError(error.message) : error;
      }
    });
}

/**
 * @param {Options} options
 * @param {AbortSignal} signal
 */
async function headersOf({ headers, signature, timestamp }, signal) {
  if (headers === undefined) return { "Synctera-Signature": signature, "Request-Timestamp": timestamp };
  if (signature !== undefined || timestamp !== undefined) {
    throw new UsageError("--headers excludes --signature and --timestamp.");
  }
  const text = await readText(headers, signal);
  try {
    return JSON.parse(text);
  } catch {
    const lines = text.split(/\r?\n/).filter((line) => line.includes(":"));
    return lines.map((line) => [line.slice(0, line.indexOf(":")).trim(), line.slice(line.indexOf(":") + 1).trim()]);
  }
}
