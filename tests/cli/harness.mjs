// Runs the installed package's command line, and checks that stderr holds no secret and no personal data.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { once } from "node:events";
import { after } from "node:test";
import { startSandboxWithToken } from "../runtimes/sandbox.mjs";

export const PACKAGE = `${process.env.CONSUMER}/node_modules/synctera-customers`;
export const BIN = `${process.env.CONSUMER}/node_modules/.bin/synctera-customers`;

export const TOKEN = "token-that-no-output-may-hold";
export const SECRET = "secret-that-no-output-may-hold";

/** A fictional person. */
export const PERSON = {
  status: "ACTIVE",
  first_name: "Ottoline",
  last_name: "Quayle",
  dob: "1990-04-17",
  email: "ottoline.quayle@example.com",
  phone_number: "+12025550143",
  ssn: "912-34-5678",
  legal_address: { address_line_1: "594 Willow Walk", city: "Madison", state: "WI", postal_code: "53703", country_code: "US" },
};
const PERSONAL = ["Ottoline", "Quayle", "1990-04-17", "ottoline", "2025550143", "912-34", "5678", "Willow", "Madison", "53703"];

/** A webhook about the person. */
export const ENVELOPE = {
  id: "event-1",
  type: "CUSTOMER.UPDATED",
  event_time: "2026-03-01T10:00:00Z",
  url: "https://example.com/hook",
  webhook_id: "webhook-1",
  event_resource: JSON.stringify({ id: "c-1", ...PERSON }),
};

/** Fails if a text holds a token, a secret or anything of the person. */
export function assertSilent(text) {
  for (const word of [TOKEN, SECRET, ...PERSONAL]) assert.ok(!text.includes(word), `${word} is in: ${text}`);
}

/** What a program inherits: not `node --test`'s own, nor a user's settings. */
const { NODE_TEST_CONTEXT: _, SYNCTERA_API_KEY: _key, SYNCTERA_BASE_URL: _url, ...ENVIRONMENT } = process.env;

/** Called when the tests of a file have run. */
const cleanups = [];
after(() => Promise.all(cleanups.map((cleanup) => cleanup())));
export const afterAll = (cleanup) => cleanups.push(cleanup);

/** Starts a sandbox that runs until the tests of a file have run. */
export async function startServer(...args) {
  const sandbox = await startSandboxWithToken(TOKEN, ...args);
  afterAll(() => sandbox.stop());
  return { SYNCTERA_BASE_URL: sandbox.baseUrl, SYNCTERA_API_KEY: TOKEN };
}

/** Makes a folder that exists until the tests of a file have run. */
export async function makeFolder() {
  const folder = await mkdtemp(`${tmpdir()}/cli-`);
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Starts the command line.
 *
 * @param {string[]} args
 * @param {{ env?: object, cwd?: string, program?: string[] }} [options]
 */
export function start(args, { env = {}, cwd, program = [process.execPath, BIN] } = {}) {
  const [path, ...before] = program;
  const child = spawn(path, [...before, ...args], { cwd, env: { ...ENVIRONMENT, ...env } });
  // A test that fails may leave it running.
  afterAll(() => child.kill("SIGKILL"));
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (output[name] += text));
  // A program may end before it has read its input.
  child.stdin.on("error", () => {});
  const ended = once(child, "close").then(([code, signal]) => {
    assertSilent(output.stderr);
    return { code: code ?? signal, ...output };
  });
  return { child, output, ended };
}

/** Runs the command line to its end. */
export function run(args, { input = "", ...options } = {}) {
  const { child, ended } = start(args, options);
  child.stdin.end(input);
  return ended;
}

/** Waits until something is true. */
export async function until(isTrue) {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`still not: ${isTrue}`);
}

export const lines = (text) => text.split("\n").filter(Boolean);
export const records = (text) => lines(text).map((line) => JSON.parse(line));
