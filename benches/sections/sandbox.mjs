// The section on what the sandbox serves: its numbers come from elsewhere, if at all.
import { number, table } from "../tables.mjs";

export const part = "sandbox";
export const title = "What the sandbox serves";

const TIMES = 5;

/**
 * What `docs/performance/sandbox.json` holds.
 *
 * @typedef {object} Measured
 * @property {number} served requests per second that the sandbox serves at most
 * @property {number} asked requests per second that one client in Node can make
 * @property {string} how one or more sentences: how it was measured, by what command
 * @property {{ head: string[], rows: string[][] }} [table]
 */

/** @param {Measured} measured */
export function goals({ served, asked }) {
  const times = served / asked;
  return [
    {
      promise: `the sandbox serves at least ${TIMES} times what one client in Node can ask`,
      measured: `${number(times)} times`,
      met: times >= TIMES,
    },
  ];
}

/** @param {Measured} measured */
export function text({ served, asked, how, table: more }) {
  const whole = (value) => Math.round(value).toLocaleString("en");
  return `${how}

The sandbox serves ${whole(served)} requests per second; one client in Node asks ${whole(asked)}.

${more ? table(more.head, more.rows) : ""}`;
}
