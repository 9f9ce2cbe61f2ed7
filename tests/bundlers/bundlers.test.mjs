// The installed package in an app of each bundler, with nothing set, against the real sandbox.
// With KEEP_APPS set, the apps and what was built of them stay in `.apps`, to be looked at.
import { testRows } from "../runtimes/matrix.mjs";
import { removeApps } from "./app.mjs";
import { ROWS } from "./bundlers.mjs";

const close = process.env.KEEP_APPS ? undefined : removeApps;

testRows("the installed package, bundled", ROWS, { close });
