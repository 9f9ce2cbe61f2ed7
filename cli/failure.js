// How a failure is reported, and which exit code it has.
import { CommanderError } from "commander";
import { isSyncteraError } from "synctera-customers";
import { BulkError } from "synctera-customers/bulk";
import { WebhookError } from "synctera-customers/webhooks";
import { ACCEPTED } from "./columns.js";
import { CliError, EXIT } from "./exit.js";
import { quoteName } from "./field-names.js";

const PROGRAM = "synctera-customers";

/**
 * The exit code of an error.
 *
 * @param {any} error
 */
export function exitCodeOf(error) {
  if (error instanceof CliError) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  // One that ends a run says that nothing was sent.
  if (isSyncteraError(error, "ValidationError") || error instanceof BulkError) return EXIT.usage;
  if (isSyncteraError(error, "TokenError")) return EXIT.credentials;
  if (isSyncteraError(error, "ApiError") && [401, 403].includes(error.status)) return EXIT.credentials;
  return EXIT.failed;
}

/**
 * An error in words, for people.
 *
 * @param {any} error
 */
export function wordsOf(error) {
  const names = Object.entries(namesOf(error)).map(([what, fields]) => `  ${what}: ${fields.join(", ")}`);
  return [`${PROGRAM}: ${messageOf(error)}`, ...names, adviceOf(error)].filter(Boolean).join("\n");
}

/**
 * What to do about a write whose outcome is unknown; `undefined` if there is nothing to do.
 *
 * @param {any} error
 */
export function adviceOf(error) {
  if (!isSyncteraError(error) || error.outcome !== "unknown" || error.idempotencyKey === undefined) return undefined;
  return `  It may have happened: repeat the command with --idempotency-key ${keyOf(error) ?? "and the same key as before"}`;
}

/**
 * The key of a call, if it is a UUID. Another is the user's own, and may say whose data it is for.
 *
 * @param {{ idempotencyKey?: string | undefined }} call
 */
function keyOf({ idempotencyKey }) {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(idempotencyKey ?? "") ? idempotencyKey : undefined;
}

/**
 * An error as JSON on one line, for programs.
 *
 * @param {any} error
 */
export function jsonOf(error) {
  const own = isSyncteraError(error) ? { ...error.toJSON(), idempotencyKey: keyOf(error) } : { name: nameOf(error) };
  return JSON.stringify({ error: { ...own, message: messageOf(error), ...namesOf(error), exitCode: exitCodeOf(error) } });
}

/**
 * What is wrong with one row, on one line.
 *
 * @param {any} error
 */
export function problemOf(error) {
  const names = Object.entries(namesOf(error)).map(([what, fields]) => `${what}: ${fields.join(", ")}`);
  return [messageOf(error), ...names].join(" ");
}

/** Options that the package's messages name, with their names on the command line. */
const OPTIONS = [
  ["allowUnknownFields: true", "--allow-unknown-fields"],
  ["Check accessToken", "Check the token"],
];

/** @param {any} error */
function nameOf(error) {
  if (error instanceof CommanderError) return "UsageError";
  return isOwn(error) ? error.name : "Error";
}

/** @param {any} error @returns {string} */
function messageOf(error) {
  if (error instanceof CommanderError) return usageOf(error);
  if (isOwn(error)) return OPTIONS.reduce((words, [option, ours]) => words.replace(option, ours), error.message);
  // Its message may quote anything.
  return `An unexpected ${error?.constructor?.name ?? "error"}${typeof error?.code === "string" ? ` (${error.code})` : ""}.`;
}

/**
 * The fields that the server named. Errors keep these apart, since a server may put anything there; names of
 * the contract's fields are not personal data.
 *
 * @param {unknown} error
 */
function namesOf(error) {
  if (!isSyncteraError(error, "ApiError")) return {};
  const named = { missing: error.missing, invalid: Object.keys(error.invalid), immutable: error.immutable };
  const known = Object.entries(named).map(([what, names]) => [what, names.filter(isKnown)]);
  return Object.fromEntries(known.filter(([, names]) => names.length > 0));
}

/** Whether an error's message comes from the package, and so holds no personal data. */
const isOwn = (/** @type {unknown} */ error) => [CliError, BulkError, WebhookError].some((kind) => error instanceof kind) || isSyncteraError(error);

const isKnown = (/** @type {string} */ name) => ACCEPTED.has(name) || [...ACCEPTED.keys()].some((path) => path.startsWith(`${name}.`));

/**
 * What is wrong with a command line. commander's messages repeat arguments, which may be personal data.
 *
 * @param {CommanderError} error
 */
function usageOf({ code, message }) {
  const quoted = /'([^'=]+)/.exec(message)?.[1] ?? "";
  const help = `See \`${PROGRAM} --help\`.`;
  switch (code) {
    case "commander.unknownOption": {
      const option = /^--?[a-z][a-z-]{0,39}$/.test(quoted) ? `option ${quoted}` : "option";
      const suggestion = /\(Did you mean (.+)\?\)/.exec(message)?.[1];
      return `Unknown ${option}.${suggestion ? ` Did you mean ${suggestion}?` : ""} ${help}`;
    }
    case "commander.unknownCommand":
      return `Unknown command${/^[a-z-]{1,20}$/.test(quoted) ? ` ${quoteName(quoted)}` : ""}. ${help}`;
    case "commander.missingArgument":
      return `The argument ${quoted.toUpperCase()} is missing. ${help}`;
    case "commander.optionMissingArgument":
      return `The option ${quoted.split(" ")[0].replace(/,$/, "")} needs a value. ${help}`;
    case "commander.excessArguments":
      return `There are more arguments than this command takes. ${help}`;
    default:
      return `The command line cannot be parsed. ${help}`;
  }
}
