// What was promised, and whether the numbers keep it.

/**
 * @typedef {object} Goal
 * @property {string} promise
 * @property {string} measured
 * @property {boolean} met
 */

/** A goal that a number stays under a limit, or at it. */
export function atMost(promise, value, limit, write) {
  return { promise, measured: write(value), met: value <= limit };
}

/** A goal that a number stays under a limit. */
export function under(promise, value, limit, write) {
  return { promise, measured: write(value), met: value < limit };
}

export const verdict = ({ met }) => (met ? "met" : "**not met**");
