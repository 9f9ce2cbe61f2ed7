// In Node, Deno and Bun: prints whatever there is to print, and at last the results, on a line of
// their own.
import { inspect } from "node:util";
import { CustomersApi } from "synctera-customers";
import { findCanaries } from "../../canary.js";
import { travel } from "../../transport.js";

const views = {
  "util.inspect": (value) => inspect(value),
  "util.inspect of everything": (value) => inspect(value, { depth: Infinity, showHidden: true }),
};
if (globalThis.Deno) views["Deno.inspect"] = (value) => Deno.inspect(value, { depth: 20, showHidden: true });
if (globalThis.Bun) views["Bun.inspect"] = (value) => Bun.inspect(value, { depth: 20 });

function print(value) {
  for (const method of ["log", "info", "warn", "error", "debug", "dir", "table", "trace"]) console[method](value);
  console.log("%s %o %O %j %d", value, value, value, value, value);
  console.log([value], { value });
  console.dir(value, { depth: Infinity, showHidden: true });
  console.table([value]);
  console.assert(false, value);
}

const results = [
  ...(await findCanaries({ CustomersApi, views, print })),
  ...(await travel({ CustomersApi, server: process.env.SERVER, isBrowser: false })),
];
console.log(`\nRESULTS ${JSON.stringify({ results, views: Object.keys(views) })}`);
