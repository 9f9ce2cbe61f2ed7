import { createCustomers, fileCheckpoint } from "synctera-customers/bulk";
import { isSyncteraError } from "synctera-customers";
import { oneOf, wholeNumber } from "../arguments.js";
import { valueAt } from "../columns.js";
import { confirmWrite } from "../confirm.js";
import { openClient, serverOf } from "../connection.js";
import { dryRunner } from "../dry-run.js";
import { CliError, EXIT } from "../exit.js";
import { openFailedRows } from "../failed-rows.js";
import { exitCodeOf, problemOf } from "../failure.js";
import { parseKey } from "../field-names.js";
import { addConnection, addWrite } from "../options.js";
import { printCounts } from "../records.js";
import { openRows } from "../rows.js";
import { writeOut } from "../streams.js";
/** @import { Command } from "commander" */
/** @import { Context } from "../program.js" */
/** @import { CustomersApi } from "synctera-customers" */
/** @import { Options } from "../options.js" */
/** @import { Format, Row } from "../rows.js" */

/**
 * `import`: a customer for each row of a file.
 *
 * @param {Command} program
 * @param {Context} context
 */
export function addImport(program, context) {
  const command = program
    .command("import")
    .description("Create a customer for each row of a file, each once, however often the import is repeated.")
    .argument("<file>", "file with the customers, or - for stdin")
    .option("--format <name>", "csv or jsonl; default: by the end of the file's name, jsonl for stdin", oneOf("--format", ["csv", "jsonl"]))
    .option("--checkpoint <file>", "checkpoint file, from which a repeated import resumes")
    .option("--failed <file>", "where to write the rows that failed, in the same format")
    .option("--key <field>", "field that no two rows share, such as metadata.row_id; default: the whole row", parseKey)
    .option("--job <name>", "name of the import; the same keys under another name are other rows", "import")
    .option("--concurrency <n>", "rows that are sent at a time, 1 to 100", wholeNumber("--concurrency", 1, 100), 8)
    .option("--max-requests-per-second <n>", "requests that begin in a second; default: any number", wholeNumber("--max-requests-per-second", 1, 100_000));
  addWrite(command);
  addConnection(command)
    .addHelpText(
      "after",
      `
To resume after an interruption or a failure, run the same command again: rows that are done are skipped. Exit
code 1 means that rows failed or that the outcome of some is unknown.

Examples:
  $ synctera-customers import customers.csv --checkpoint customers.journal --failed failed.csv
  $ synctera-customers import failed.csv --checkpoint customers.journal
  $ synctera-customers import customers.csv --dry-run
  $ gzip -dc customers.jsonl.gz | synctera-customers import - --key metadata.row_id`,
    )
    .action(async (/** @type {string} */ file, /** @type {Options} */ options) => {
      const format = options.format ?? (/\.csv$/i.test(file) ? "csv" : "jsonl");
      if (options.dryRun) return dryRunRows(file, format, options, context);
      const api = await openClient(options);
      // A whole file is parsed before anything is sent. stdin can be read only once.
      const total = file === "-" ? undefined : await countRows(file, format, context.signal);
      await confirmWrite(options, total === undefined ? "create customers" : `create ${total} customers`, context.signal);
      return send(api, { file, format, total }, options, context);
    });
}

/**
 * @param {CustomersApi} api
 * @param {{ file: string, format: Format, total: number | undefined }} source
 * @param {Options} options
 * @param {Context} context
 */
async function send(api, { file, format, total }, options, { messages, signal }) {
  const source = openRows(file, format, signal);
  const failed = await openFailedRows(options.failed, file);
  const { environment, baseUrl } = serverOf(options);
  try {
    const counts = await createCustomers(api, until(signal, source.rows), {
      // A row that is done on one server is not done on another.
      job: `${options.job} ${environment ?? baseUrl}`,
      key: ({ customer }) => (options.key === undefined ? JSON.stringify(customer) : String(valueAt(Object(customer), options.key) ?? "")),
      customer: ({ customer }) => customer,
      concurrency: options.concurrency,
      ...(total !== undefined && { total }),
      ...(options.checkpoint !== undefined && { checkpoint: fileCheckpoint(options.checkpoint) }),
      async onResult({ row, outcome, error }) {
        if (error === undefined) return;
        messages.fail(`line ${row.line}: ${outcome}: ${problemOf(error)}`);
        if (outcome === "failed") await failed.add(source.header(), row.text());
        // Every other row would be rejected for the same reason.
        if (isSyncteraError(error) && exitCodeOf(error) === EXIT.credentials) throw error;
      },
      onProgress: (progress) => messages.progress(() => progressLine(progress, total)),
    });
    messages.clear();
    await printCounts(counts);
    report(counts, options);
  } finally {
    await failed.close();
  }
}

/**
 * The rows up to an interrupt: those that have been read are still sent and settled.
 *
 * @param {AbortSignal} signal
 * @param {AsyncIterable<Row>} rows
 */
async function* until(signal, rows) {
  try {
    for await (const row of rows) {
      if (signal.aborted) return;
      yield row;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/**
 * @param {{ failed: number, unknown: number }} counts
 * @param {Options} options
 */
function report({ failed, unknown }, options) {
  const parts = [];
  if (failed > 0) parts.push(`${failed} failed${options.failed === undefined ? "" : "; --failed has them"}.`);
  if (unknown > 0) parts.push(`The outcome of ${unknown} is unknown: run the same command again, within 7 days.`);
  if (parts.length > 0) throw new CliError(parts.join(" "));
}

/**
 * @param {import("synctera-customers/bulk").BulkProgress} progress
 * @param {number | undefined} total
 */
function progressLine({ done, failed, unknown, skipped, ratePerSecond, estimatedEnd }, total) {
  const parts = [`${done} created`, `${failed} failed`, `${unknown} unknown`, `${skipped} skipped`, `${Math.round(ratePerSecond)}/s`];
  if (total !== undefined) parts.push(`${Math.max(0, total - done - failed - unknown - skipped)} left`);
  if (estimatedEnd !== undefined) parts.push(`ends at ${estimatedEnd.toLocaleTimeString()}`);
  return parts.join(", ");
}

/**
 * Counts the rows of a file. One that cannot be parsed is a usage error: nothing has been sent.
 *
 * @param {string} file
 * @param {Format} format
 * @param {AbortSignal} signal
 */
async function countRows(file, format, signal) {
  let count = 0;
  try {
    for await (const _ of openRows(file, format, signal).rows) count += 1;
  } catch (error) {
    if (error instanceof CliError) throw new CliError(`${error.message} Nothing was sent.`, EXIT.usage);
    throw error;
  }
  return count;
}

/**
 * Validates every row, and prints the requests.
 *
 * @param {string} file
 * @param {Format} format
 * @param {Options} options
 * @param {Context} context
 */
async function dryRunRows(file, format, options, { messages, signal }) {
  const requestOf = dryRunner(options);
  let invalid = 0;
  for await (const { line, customer } of openRows(file, format, signal).rows) {
    try {
      const request = await requestOf((api) => api.createCustomer(customer, { idempotencyKey: "of-the-row" }));
      await writeOut([`${JSON.stringify(request)}\n`]);
    } catch (error) {
      if (!isSyncteraError(error)) throw error;
      invalid += 1;
      messages.fail(`line ${line}: ${problemOf(error)}`);
    }
  }
  if (invalid > 0) throw new CliError(`${invalid} rows would fail. Nothing was sent.`);
}
