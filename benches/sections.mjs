// What the document says, in its order.
import * as calls from "./sections/calls.mjs";
import * as forms from "./sections/forms.mjs";
import * as inFlight from "./sections/in-flight.mjs";
import * as pages from "./sections/pages.mjs";
import * as profile from "./sections/profile.mjs";
import * as sandbox from "./sections/sandbox.mjs";
import * as size from "./sections/size.mjs";
import * as sockets from "./sections/sockets.mjs";
import * as start from "./sections/start.mjs";
import * as testing from "./sections/testing.mjs";

/**
 * @typedef {object} Section
 * @property {string} part the part whose results it is about
 * @property {string} title
 * @property {(measured: any) => import("./goals.mjs").Goal[]} [goals]
 * @property {(measured: any) => string} text
 * @property {(measured: any) => Record<string, string>} [plots] SVG by file
 */

/** @type {Section[]} */
export const SECTIONS = [calls, profile, forms, pages, size, start, inFlight, sockets, sandbox, testing];
