// The body of a create, a patch or an update.
import { UsageError } from "./exit.js";
import { readText } from "./streams.js";

/**
 * @param {string} argument `@FILE`, `-` for stdin, or the JSON itself
 * @param {AbortSignal} signal
 */
export async function readBody(argument, signal) {
  if (argument === "-") return parse(await readText("-", signal));
  if (argument.startsWith("@")) return parse(await readText(argument.slice(1), signal));
  const body = parse(argument);
  if (body !== null && typeof body === "object" && Object.hasOwn(body, "ssn")) {
    throw new UsageError(
      "An ssn is not taken from an argument: every user of this machine can read the arguments of a process, and the " +
        "shell keeps them in its history. Give the body as @FILE or by -.",
    );
  }
  return body;
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's message quotes the text.
    throw new UsageError("The body is not JSON. Give it as @FILE, - (stdin) or JSON. Nothing was sent.");
  }
}
