import { openClient } from "../connection.js";
import { dryRunner } from "../dry-run.js";
import { addConnection, addOutput } from "../options.js";
import { printOne } from "../records.js";
/** @import { Command } from "commander" */
/** @import { Context } from "../program.js" */
/** @import { CustomersApi } from "synctera-customers" */
/** @import { Options } from "../options.js" */

/**
 * `get`: one customer.
 *
 * @param {Command} program
 * @param {Context} context
 */
export function addGet(program, { signal }) {
  const command = program.command("get").description("Print a customer.").argument("<id>", "the customer's id");
  addOutput(command);
  addConnection(command)
    .addHelpText(
      "after",
      `
Examples:
  $ synctera-customers get 4c1ac3b0-6f1e-4b8e-9a31-5f0c6f4c2b11
  $ synctera-customers get 4c1ac3b0-6f1e-4b8e-9a31-5f0c6f4c2b11 --format json --fields id,kyc_status`,
    )
    .action(async (/** @type {string} */ id, /** @type {Options} */ options) => {
      const call = (/** @type {CustomersApi} */ api) => api.getCustomer(id, { signal });
      await printOne(options.dryRun ? dryRunner(options)(call) : call(await openClient(options)), options);
    });
}
