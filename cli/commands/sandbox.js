import { CliError } from "../exit.js";

const HOW = `The local sandbox is a program of the project's repository, not of this package. There, with Rust installed:

  $ cargo run -p synctera-sandbox -- --seed 50

It prints its base URL and a token. In another terminal, with those two:

  $ export SYNCTERA_BASE_URL=… SYNCTERA_API_KEY=…
  $ synctera-customers list`;

/**
 * `sandbox`: how to start the local imitation of the API.
 *
 * @param {import("commander").Command} program
 */
export function addSandbox(program) {
  program
    .command("sandbox")
    .description("Say how the local sandbox is started.")
    .addHelpText("after", "\nExamples:\n  $ synctera-customers sandbox")
    .action(() => {
      throw new CliError(HOW);
    });
}
