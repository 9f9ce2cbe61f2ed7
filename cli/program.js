// The commands, and how a run of one ends.
import { Command } from "commander";
import { version } from "../pkg/package.json";
import { rejectSecrets } from "./arguments.js";
import { addCreate, addPatch, addUpdate } from "./commands/write.js";
import { addExport } from "./commands/export.js";
import { addGet } from "./commands/get.js";
import { addImport } from "./commands/import.js";
import { addList } from "./commands/list.js";
import { addListen } from "./commands/listen.js";
import { addSandbox } from "./commands/sandbox.js";
import { addVerify } from "./commands/verify.js";
import { adviceOf, exitCodeOf, jsonOf, wordsOf } from "./failure.js";
import { watchInterrupts } from "./interrupt.js";
import { Messages } from "./messages.js";
import { endOnClosedPipe } from "./streams.js";

/** @typedef {{ messages: Messages, signal: AbortSignal }} Context what every command gets */

const COMMANDS = [addList, addGet, addCreate, addPatch, addUpdate, addImport, addExport, addListen, addVerify, addSandbox];

/**
 * Runs a command line to its end.
 *
 * @param {string[]} args without the program
 * @returns {Promise<number>} the exit code
 */
export async function run(args) {
  endOnClosedPipe();
  const messages = new Messages({ quiet: args.includes("--quiet") });
  const interrupts = watchInterrupts(() => messages.say("Interrupted: waiting for requests in flight."));
  const report = (/** @type {unknown} */ error) => messages.fail(wantsJson(args) ? jsonOf(error) : wordsOf(error));
  try {
    rejectSecrets(args);
    await program({ messages, signal: interrupts.signal }).parseAsync(args, { from: "user" });
    return interrupts.exitCode ?? 0;
  } catch (error) {
    const exitCode = interrupts.exitCode ?? exitCodeOf(error);
    const isInterrupted = interrupts.exitCode !== undefined;
    // What an interrupt caused is only worth a word where the user has to do something.
    if (isInterrupted ? adviceOf(error) !== undefined : exitCode !== 0 && !isHelp(error)) report(error);
    return exitCode;
  } finally {
    messages.clear();
    interrupts.dispose();
  }
}

/** @param {Context} context */
function program(context) {
  const program = new Command("synctera-customers")
    .description("Works on the customers of Synctera's Customers API. Unofficial.")
    .version(version)
    .exitOverride()
    // `report` writes what is wrong.
    .configureOutput({ outputError: () => {} })
    .addHelpText(
      "after",
      `
The token comes from SYNCTERA_API_KEY or --token-file FILE; the server is Synctera's sandbox unless
--environment, --base-url or SYNCTERA_BASE_URL names another.

Exit codes: 0 done, 1 failed, 2 wrong usage (nothing was sent), 4 no token or a rejected one, 130 interrupted.`,
    );
  for (const add of COMMANDS) add(program, context);
  return program;
}

/** Without a command, commander has written the help. */
const isHelp = (/** @type {any} */ error) => error.code === "commander.help";

/**
 * Whether errors are to be JSON: only if `--format` says so, since a default format is for data. Of an import
 * it names the format of the file.
 *
 * @param {string[]} args
 */
function wantsJson(args) {
  if (args[0] === "import") return false;
  return args.some((arg, index) => /^--format=jsonl?$/.test(arg) || (arg === "--format" && /^jsonl?$/.test(args[index + 1] ?? "")));
}
