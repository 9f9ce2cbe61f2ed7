// What the document says, in its order.
import * as calls from "./sections/calls.mjs";

/**
 * @typedef {object} Section
 * @property {string} part the part whose results it is about
 * @property {string} title
 * @property {(measured: any) => import("./goals.mjs").Goal[]} [goals]
 * @property {(measured: any) => string} text
 * @property {(measured: any) => Record<string, string>} [plots] SVG by file
 */

/** @type {Section[]} */
export const SECTIONS = [calls];
