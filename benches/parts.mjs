// What can be measured, in the order in which it is.
import * as calls from "./parts/calls.mjs";

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string} title
 * @property {(bench: import("./bench.mjs").Bench) => Promise<any>} measure
 */

/** @type {Part[]} */
export const PARTS = [calls];
