// Which server a command talks to, and by which token.
import { readFile } from "node:fs/promises";
import { CustomersApi } from "synctera-customers";
import { CredentialsError, UsageError } from "./exit.js";
/** @import { Options } from "./options.js" */

const PRODUCTION_HOST = "api.synctera.com";

/**
 * Where the server is, as options of `CustomersApi`.
 *
 * @param {Options} options
 * @returns {Pick<import("synctera-customers").ClientOptions, "environment" | "baseUrl">}
 */
export function serverOf({ environment, baseUrl }) {
  if (environment !== undefined && baseUrl !== undefined) {
    throw new UsageError("--environment and --base-url exclude each other.");
  }
  const url = environment === undefined ? baseUrl ?? (process.env.SYNCTERA_BASE_URL || undefined) : undefined;
  return url === undefined ? { environment: environment ?? "sandbox" } : { baseUrl: url };
}

/**
 * Whether a server is the one that moves real money.
 *
 * @param {{ environment?: string, baseUrl?: string }} server
 */
export function isProduction({ environment, baseUrl }) {
  if (baseUrl === undefined) return environment === "production";
  // The package rejects what is not a URL.
  if (!URL.canParse(baseUrl)) return false;
  return new URL(baseUrl).hostname.replace(/\.$/, "") === PRODUCTION_HOST;
}

/**
 * A client for the server and the token that the options and the environment name.
 *
 * @param {Options} options
 */
export async function openClient(options) {
  const server = serverOf(options);
  const { allowUnknownFields, maxRequestsPerSecond } = options;
  return new CustomersApi({ ...server, allowUnknownFields, maxRequestsPerSecond, accessToken: await tokenOf(options) });
}

/**
 * The token of a file or of the environment. Never of an argument, which every user of a machine can read.
 *
 * @param {Options} options
 */
async function tokenOf({ tokenFile }) {
  const token = tokenFile === undefined ? process.env.SYNCTERA_API_KEY : await readSecret(tokenFile, "--token-file");
  if (!token) {
    throw new CredentialsError("There is no token: set SYNCTERA_API_KEY, or give --token-file FILE.");
  }
  return token;
}

/**
 * A file that holds a secret, without the white space around it.
 *
 * @param {string} file
 * @param {string} option
 */
export async function readSecret(file, option) {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    throw new CredentialsError(`${option}: the file cannot be read: ${error.code ?? "unknown reason"}.`);
  }
}
