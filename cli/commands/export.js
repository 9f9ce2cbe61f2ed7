import { openClient } from "../connection.js";
import { dryRunner } from "../dry-run.js";
import { LIST } from "../formats.js";
import { oneOf } from "../arguments.js";
import { addConnection, addFields, addFilters, listParams } from "../options.js";
import { counted, printOne } from "../records.js";
import { writeOut } from "../streams.js";
/** @import { Command } from "commander" */
/** @import { Context } from "../program.js" */
/** @import { Options } from "../options.js" */

/**
 * `export`: all customers, for a file.
 *
 * @param {Command} program
 * @param {Context} context
 */
export function addExport(program, { messages, signal }) {
  const command = program.command("export").description("Write all customers to stdout, as JSON lines or CSV.");
  addFilters(command);
  addFields(command.option("--format <name>", "jsonl (default) or csv", oneOf("--format", ["jsonl", "csv"]), "jsonl"));
  addConnection(command)
    .addHelpText(
      "after",
      `
Examples:
  $ synctera-customers export > customers.jsonl
  $ synctera-customers export --format csv --status ACTIVE > customers.csv
  $ synctera-customers export --format csv --fields id,last_name,legal_address.city --escape-formulas > sheet.csv`,
    )
    .action(async (/** @type {Options} */ options) => {
      const params = listParams(options);
      if (options.dryRun) return printOne(dryRunner(options)((api) => api.listCustomers(params)), options);
      const api = await openClient(options);
      // All pages are wanted, so the next one is requested while one is written.
      const customers = api.iterateCustomers(params, { prefetch: true, signal });
      await writeOut(LIST[options.format](counted(customers, messages), options));
    });
}
