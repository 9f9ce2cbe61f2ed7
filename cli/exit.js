// Exit codes, and the errors that carry one.

/** What the program's exit code says. `docs/cli.md` lists them. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  credentials: 4,
  /** 128 and the signal's number, as shells report it. */
  interrupted: 130,
  terminated: 143,
};

/** A failure that this program itself reports. Its message quotes no value that a user or a server gave. */
export class CliError extends Error {
  /**
   * @param {string} message
   * @param {number} [exitCode]
   */
  constructor(message, exitCode = EXIT.failed) {
    super(message);
    this.name = "CliError";
    this.exitCode = exitCode;
  }
}

/** A usage error: nothing was sent. */
export class UsageError extends CliError {
  /** @param {string} message */
  constructor(message) {
    super(message, EXIT.usage);
    this.name = "UsageError";
  }
}

/** A token or a secret is missing. */
export class CredentialsError extends CliError {
  /** @param {string} message */
  constructor(message) {
    super(message, EXIT.credentials);
    this.name = "CredentialsError";
  }
}
