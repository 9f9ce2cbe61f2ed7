// The one test of the matrix: a row installs nothing and asserts nothing, it runs the scenario
// somewhere and returns what came of each step; here each step becomes a test.
import assert from "node:assert/strict";
import { appendFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { startSandbox } from "./sandbox.mjs";
import { stepNames } from "./scenario.js";

/**
 * @typedef {object} Settings
 * @property {string} consumer the project in which the packed package is installed
 * @property {string} baseUrl the sandbox's
 * @property {string} token the sandbox's
 *
 * @typedef {{ name: string, ok: boolean, detail: string }} Result
 *
 * @typedef {object} Row
 * @property {string} name unique in the matrix
 * @property {string} kind what the table groups by: "server", "edge", "browser", "bundler", …
 * @property {string[]} [needs] what must be there besides Node and the sandbox
 * @property {string[]} [versions] of what it runs in, the most telling first, for the report
 * @property {string} [works] how it works there, if not without configuration, for the report
 * @property {string[]} [steps] the names of its results, if it does not run the scenario (the
 *   default); `[...stepNames, "…"]` adds to it
 * @property {(settings: Settings) => Promise<Result[]>} run
 */

/**
 * Declares the tests of all rows that are wanted.
 *
 * Read from the environment: `CONSUMER` (see `Settings`); `MATRIX_ROWS`, names or parts of names,
 * one a line, to run these only; `MATRIX_REPORT`, a file that gets one line of JSON for
 * each row: `{ name, kind, ok, steps, failed, ms, date, versions, works }`.
 *
 * @param {string} title
 * @param {Row[]} rows
 * @param {{ close?: () => unknown }} [shared] what the rows share, to be ended after the last
 */
export function testRows(title, rows, { close } = {}) {
  const wanted = selected(rows, process.env.MATRIX_ROWS);
  describe(title, { concurrency: false, skip: wanted.length === 0 }, () => {
    let sandbox;
    before(async () => {
      sandbox = await startSandbox();
    });
    after(async () => {
      await close?.();
      sandbox?.stop();
    });
    for (const row of wanted) testRow(row, () => sandbox);
  });
}

function testRow({ run, steps = stepNames, ...row }, sandbox) {
  const { name } = row;
  describe(name, () => {
    let results = [];
    let ms;
    before(async () => {
      const { baseUrl, token } = sandbox();
      const start = performance.now();
      try {
        results = await run({ consumer: process.env.CONSUMER, baseUrl, token });
      } catch (error) {
        // As each step's failure: an error in a hook says nothing about the row's tests.
        results = steps.map((name) => ({ name, ok: false, detail: explained(error) }));
      } finally {
        ms = Math.round(performance.now() - start);
      }
    });
    after(() => report(row, { steps, results, ms }));

    for (const step of steps) {
      it(step, () => {
        const result = results.find(({ name }) => name === step);
        assert.ok(result, "the step was not run");
        if (!result.ok) throw remoteError(result.detail);
      });
    }
    it("runs these steps and no others", () => {
      assert.deepEqual(results.map(({ name }) => name), steps);
    });
  });
}

/** The rows whose names hold one of the parts, whatever the case; all without parts. */
function selected(rows, parts) {
  if (!parts) return rows;
  const wanted = parts.toLowerCase().split("\n").map((part) => part.trim()).filter(Boolean);
  return rows.filter(({ name }) => wanted.some((part) => name.toLowerCase().includes(part)));
}

async function report({ name, kind, versions, works }, { steps, results, ms }) {
  const file = process.env.MATRIX_REPORT;
  if (!file) return;
  const passed = steps.filter((step) => results.some((result) => result.name === step && result.ok));
  const failed = steps.length - passed.length;
  const date = new Date().toISOString().slice(0, 10);
  const row = { name, kind, ok: failed === 0, steps: steps.length, failed, ms, date, versions, works };
  await appendFile(file, `${JSON.stringify(row)}\n`);
}

/** What a failed program printed says more than that it failed. */
function explained(error) {
  return [error?.stack ?? error, error?.stdout, error?.stderr].filter(Boolean).join("\n");
}

/** The error as it was in the other runtime; where it is thrown here says nothing. */
function remoteError(detail) {
  const error = new Error(detail.split("\n")[0]);
  error.stack = detail;
  return error;
}
