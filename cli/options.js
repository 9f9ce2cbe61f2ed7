// The options that several commands share.
import { Option } from "commander";
import { boolean, list, oneOf, wholeNumber } from "./arguments.js";
import { parseFields } from "./field-names.js";
/** @import { Command } from "commander" */

/**
 * The options of all commands, as commander names them. Each command has some.
 *
 * @typedef {object} Options
 * @property {boolean} [all]
 * @property {boolean} [allowUnknownFields]
 * @property {string} [baseUrl]
 * @property {string} [checkpoint]
 * @property {number} [concurrency]
 * @property {boolean} [dryRun]
 * @property {string} [email]
 * @property {"sandbox" | "production"} [environment]
 * @property {boolean} [escapeFormulas]
 * @property {string} [failed]
 * @property {string[]} [fields]
 * @property {string} [firstName]
 * @property {any} [format] one of those that the command takes
 * @property {string} [forward]
 * @property {boolean} [hasAccounts]
 * @property {string} [headers]
 * @property {string[]} [id]
 * @property {string} [idempotencyKey]
 * @property {string} [job]
 * @property {string} [key]
 * @property {string} [lastName]
 * @property {number} [limit]
 * @property {number} [maxRequestsPerSecond]
 * @property {string} [pageToken]
 * @property {string} [phoneNumber]
 * @property {number} [port]
 * @property {boolean} [quiet]
 * @property {string} [secretFile]
 * @property {string} [signature]
 * @property {import("synctera-customers").SortBy[]} [sortBy]
 * @property {string} [ssnLast4]
 * @property {import("synctera-customers").CustomerStatus} [status]
 * @property {string} [timestamp]
 * @property {string} [tokenFile]
 * @property {number} [tolerance]
 * @property {boolean} [yes]
 */

const FORMATS = ["json", "jsonl", "csv", "table"];
const STATUSES = "ACTIVE, DECEASED, DENIED, DORMANT, ESCHEAT, FROZEN, INACTIVE, PROSPECT, SANCTION";

/**
 * For commands that call the API.
 *
 * @param {Command} command
 */
export function addConnection(command) {
  return command
    .option("--environment <name>", "Synctera's server: sandbox (default) or production", oneOf("--environment", ["sandbox", "production"]))
    .option("--base-url <url>", "another server, such as the local sandbox; also SYNCTERA_BASE_URL")
    .option("--token-file <file>", "file that holds the API key, instead of SYNCTERA_API_KEY")
    .option("--dry-run", "send nothing; print the request, without the token and personal data")
    .option("--quiet", "no messages and no progress, only errors");
}

/**
 * For commands that change something.
 *
 * @param {Command} command
 */
export function addWrite(command) {
  return command
    .option("--allow-unknown-fields", "also send fields that this version does not know")
    .option("-y, --yes", "write to production without asking");
}

/**
 * For commands that print customers.
 *
 * @param {Command} command
 */
export function addOutput(command, formats = FORMATS) {
  return addFields(
    command.option("--format <name>", `${formats.join(", ")}; default: table on a terminal, else jsonl`, oneOf("--format", formats)),
  );
}

/**
 * `--fields` and what goes with it.
 *
 * @param {Command} command
 */
export function addFields(command) {
  return command
    .option("--fields <names>", "only these fields, such as id,status,legal_address.city", parseFields)
    .option("--escape-formulas", "in csv, put ' before values that a spreadsheet would take for a formula");
}

/**
 * The filters and the order of a list.
 *
 * @param {Command} command
 */
export function addFilters(command) {
  return command
    .option("--status <status>", `only this status: ${STATUSES}`)
    .option("--first-name <text>", "only this given name; * stands for any characters")
    .option("--last-name <text>", "only this family name; * stands for any characters")
    .option("--email <text>", "only this e-mail address; * stands for any characters")
    .option("--phone-number <text>", "only this number, such as +12025550143; * stands for any characters")
    .option("--ssn-last-4 <digits>", "only tax numbers that end in these")
    .option("--has-accounts <true|false>", "only customers with or without accounts", boolean("--has-accounts"))
    .option("--id <ids>", "only these customers, with commas between", list)
    .option("--sort-by <terms>", "the order, such as last_name:asc,creation_time:desc", list);
}

/**
 * Which page of a list, and how large.
 *
 * @param {Command} command
 */
export function addPaging(command) {
  return command
    .option("--limit <n>", "customers a page, 1 to 100 (default 100)", wholeNumber("--limit", 1, 100))
    .option("--page-token <token>", "the next page, as the message after a page names it");
}

/**
 * The idempotency key of a create or a patch.
 *
 * @param {Command} command
 */
export function addIdempotencyKey(command) {
  return command.addOption(new Option("--idempotency-key <key>", "the key of an earlier try whose outcome is unknown"));
}

/**
 * Those options as parameters of `listCustomers`.
 *
 * @param {Options} options
 * @returns {import("synctera-customers").ListCustomersParams}
 */
export function listParams(options) {
  const params = {
    status: options.status,
    first_name: options.firstName,
    last_name: options.lastName,
    email: options.email,
    phone_number: options.phoneNumber,
    ssn_last_4: options.ssnLast4,
    has_accounts: options.hasAccounts,
    id: options.id,
    sort_by: options.sortBy,
    limit: options.limit,
    page_token: options.pageToken,
  };
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
}
