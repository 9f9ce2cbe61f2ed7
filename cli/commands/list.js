import { openClient } from "../connection.js";
import { dryRunner } from "../dry-run.js";
import { UsageError } from "../exit.js";
import { LIST, defaultFormat } from "../formats.js";
import { addConnection, addFilters, addOutput, addPaging, listParams } from "../options.js";
import { counted, printOne } from "../records.js";
import { writeOut } from "../streams.js";
/** @import { Command } from "commander" */
/** @import { Context } from "../program.js" */
/** @import { Options } from "../options.js" */

/**
 * `list`: one page of customers, or all of them.
 *
 * @param {Command} program
 * @param {Context} context
 */
export function addList(program, { messages, signal }) {
  const command = program.command("list").description("List customers: one page, or all with --all.");
  addFilters(command);
  addPaging(command).option("--all", "all pages, one after the other");
  addOutput(command);
  addConnection(command)
    .addHelpText(
      "after",
      `
Examples:
  $ synctera-customers list --status ACTIVE --limit 20
  $ synctera-customers list --all --fields id,legal_address.city --format csv
  $ synctera-customers list --last-name 'Qu*' --format json`,
    )
    .action(async (/** @type {Options} */ options) => {
      if (options.all && options.pageToken !== undefined) throw new UsageError("--all begins at the first page: leave out --page-token.");
      const params = listParams(options);
      if (options.dryRun) return printOne(dryRunner(options)((api) => api.listCustomers(params)), options);
      const format = options.format ?? defaultFormat();
      const api = await openClient(options);
      if (options.all) {
        const { limit: pageSize, ...filters } = params;
        const customers = api.iterateCustomers(filters, { pageSize, signal });
        return writeOut(LIST[format](counted(customers, messages), options));
      }
      const page = await api.listCustomers(params, { signal });
      await writeOut(LIST[format](each(page.customers), options));
      if (page.next_page_token) messages.say(`There are more: --all, or --page-token ${page.next_page_token}`);
    });
}

/** @param {object[]} customers */
async function* each(customers) {
  yield* customers;
}
