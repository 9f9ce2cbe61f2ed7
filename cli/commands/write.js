import { readBody } from "../body.js";
import { confirmWrite } from "../confirm.js";
import { openClient } from "../connection.js";
import { dryRunner } from "../dry-run.js";
import { addConnection, addIdempotencyKey, addOutput, addWrite } from "../options.js";
import { printOne } from "../records.js";
/** @import { Command } from "commander" */
/** @import { Context } from "../program.js" */
/** @import { CustomersApi } from "synctera-customers" */
/** @import { Options } from "../options.js" */

const BODY = "@FILE, - for stdin, or JSON";

/**
 * `create`: a customer from a body.
 *
 * @param {Command} program
 * @param {Context} context
 */
export function addCreate(program, context) {
  const command = program.command("create").description("Create a customer and print it as stored.").argument("<body>", BODY);
  addIdempotencyKey(command);
  finish(
    command,
    `
Examples:
  $ synctera-customers create @customer.json
  $ jq '.customer' order.json | synctera-customers create - --fields id
  $ synctera-customers create '{"status":"PROSPECT"}' --dry-run`,
  ).action((/** @type {string} */ body, /** @type {Options} */ options) => {
    return write(context, "create a customer", body, options, (api, customer, call) => api.createCustomer(customer, call));
  });
}

/**
 * `patch`: some fields of a customer.
 *
 * @param {Command} program
 * @param {Context} context
 */
export function addPatch(program, context) {
  const command = program
    .command("patch")
    .description("Change fields of a customer and print it as stored. What the body leaves out stays unchanged.")
    .argument("<id>", "the customer's id")
    .argument("<body>", BODY);
  addIdempotencyKey(command);
  finish(
    command,
    `
Examples:
  $ synctera-customers patch 4c1ac3b0-6f1e-4b8e-9a31-5f0c6f4c2b11 '{"status":"INACTIVE"}'
  $ synctera-customers patch 4c1ac3b0-6f1e-4b8e-9a31-5f0c6f4c2b11 @change.json --dry-run`,
  ).action((/** @type {string} */ id, /** @type {string} */ body, /** @type {Options} */ options) => {
    return write(context, "change a customer", body, options, (api, patch, call) => api.patchCustomer(id, patch, call));
  });
}

/**
 * `update`: a whole customer.
 *
 * @param {Command} program
 * @param {Context} context
 */
export function addUpdate(program, context) {
  const command = program
    .command("update")
    .description(
      "Replace a customer and print it as stored. Without shipping_address the API stores a copy of legal_address, also " +
        "over another one: prefer patch for changing a few fields.",
    )
    .argument("<id>", "the customer's id")
    .argument("<body>", BODY);
  finish(
    command,
    `
Examples:
  $ synctera-customers update 4c1ac3b0-6f1e-4b8e-9a31-5f0c6f4c2b11 @customer.json`,
  ).action((/** @type {string} */ id, /** @type {string} */ body, /** @type {Options} */ options) => {
    return write(context, "replace a customer", body, options, (api, customer, call) => api.updateCustomer(id, customer, call));
  });
}

/**
 * @param {Command} command
 * @param {string} examples
 */
function finish(command, examples) {
  addOutput(command);
  addWrite(command);
  return addConnection(command).addHelpText("after", examples);
}

/**
 * @param {Context} context
 * @param {string} what the command does
 * @param {string} argument
 * @param {Options} options
 * @param {(api: CustomersApi, body: any, call: import("synctera-customers").RequestOptions) => Promise<object>} call
 */
async function write({ signal }, what, argument, options, call) {
  const body = await readBody(argument, signal);
  const send = (/** @type {CustomersApi} */ api) => call(api, body, { signal, idempotencyKey: options.idempotencyKey });
  if (options.dryRun) return printOne(dryRunner(options)(send), options);
  const api = await openClient(options);
  await confirmWrite(options, what, signal);
  return printOne(send(api), options);
}
