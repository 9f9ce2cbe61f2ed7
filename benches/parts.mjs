// What can be measured, in the order in which it is.
import * as calls from "./parts/calls.mjs";
import * as forms from "./parts/forms.mjs";
import * as inFlight from "./parts/in-flight.mjs";
import * as pages from "./parts/pages.mjs";
import * as profile from "./parts/profile.mjs";
import * as size from "./parts/size.mjs";
import * as sockets from "./parts/sockets.mjs";
import * as start from "./parts/start.mjs";
import * as testing from "./parts/testing.mjs";

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string} title
 * @property {(bench: import("./bench.mjs").Bench) => Promise<any>} measure
 */

/** @type {Part[]} */
export const PARTS = [size, calls, profile, forms, pages, inFlight, sockets, start, testing];
