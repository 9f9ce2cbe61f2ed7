// Parses the values of options. Messages do not repeat a value.
import { UsageError } from "./exit.js";

/**
 * One of a few words.
 *
 * @param {string} option
 * @param {string[]} values
 */
export function oneOf(option, values) {
  return (/** @type {string} */ value) => {
    if (!values.includes(value)) throw new UsageError(`${option} takes one of: ${values.join(", ")}.`);
    return value;
  };
}

/**
 * A whole number within bounds.
 *
 * @param {string} option
 * @param {number} minimum
 * @param {number} maximum
 */
export function wholeNumber(option, minimum, maximum) {
  return (/** @type {string} */ value) => {
    const number = Number(value);
    if (!/^[0-9]+$/.test(value) || number < minimum || number > maximum) {
      throw new UsageError(`${option} takes a whole number from ${minimum} to ${maximum}.`);
    }
    return number;
  };
}

/**
 * `true` or `false`.
 *
 * @param {string} option
 */
export function boolean(option) {
  const read = oneOf(option, ["true", "false"]);
  return (/** @type {string} */ value) => read(value) === "true";
}

/** Values with commas between. */
export const list = (/** @type {string} */ value) => value.split(",").map((part) => part.trim());

const SECRET_OPTION = /^--?(token|access[-_]?token|api[-_]?(key|token)|bearer|secret|webhook[-_]?secret|authorization)(=|$)/i;

/**
 * Rejects a token or a secret among the arguments.
 *
 * @param {string[]} args
 */
export function rejectSecrets(args) {
  if (args.some((arg) => SECRET_OPTION.test(arg))) {
    throw new UsageError(
      "Tokens and secrets are not taken as arguments: every user of this machine can read the arguments of a process, " +
        "and the shell keeps them in its history. Set SYNCTERA_API_KEY or give --token-file FILE; for webhooks, " +
        "SYNCTERA_WEBHOOK_SECRET or --secret-file FILE.",
    );
  }
}
