// The section on bytes.
import { OURS, RAW, titleOf } from "../clients.mjs";
import { bars } from "../drawing/bars.mjs";
import { colourOf } from "../drawing/colours.mjs";
import { COLOURS } from "../drawing/svg.mjs";
import { under } from "../goals.mjs";
import { kilobytes, table } from "../tables.mjs";

export const part = "size";
export const title = "What is downloaded";

const LIMITS = { workerd: 36_000, slim: 36_000, default: 37_000 };

const PLOT = "size.svg";

const gzipOf = ({ js, wasm }) => js.gzip + (wasm?.gzip ?? 0);
const rawOf = ({ js, wasm }) => js.raw + (wasm?.raw ?? 0);
const notMinified = ({ plain, wasm }) => ({ js: plain, wasm });

export function goals({ entries }) {
  return Object.entries(LIMITS).map(([entry, limit]) =>
    under(`${NAMES[entry]}: less than ${kilobytes(limit)}, gzip`, gzipOf(entries[entry]), limit, kilobytes),
  );
}

const NAMES = {
  workerd: "the entry for workerd, WebAssembly and glue",
  slim: "the slim entry, WebAssembly and glue",
  default: "the default entry, everything inside",
};

export function text(measured) {
  const { clients, entries, sections } = measured;
  const peers = Object.entries(clients)
    .filter(([client]) => client !== OURS)
    .map(([client, { raw, gzip }]) => [titleOf(client), kilobytes(raw), kilobytes(gzip)]);
  const ours = Object.keys(LIMITS).map((entry) => [
    `synctera-customers, ${entry}`,
    kilobytes(rawOf(entries[entry])),
    kilobytes(gzipOf(entries[entry])),
  ]);
  const plain = Object.keys(LIMITS).map((entry) => {
    const whole = notMinified(entries[entry]);
    return [`synctera-customers, ${entry}`, kilobytes(rawOf(whole)), kilobytes(gzipOf(whole))];
  });
  return `A bundle that can make the five operations, by \`esbuild --bundle --minify --format=esm\`, then
\`gzip -9\`; one kB is 1,000 bytes. This package in three ways: the default entry carries the
WebAssembly in its JavaScript as text; the entry for workerd and the slim entry leave it next to it
that as a file, which is compressed on its own and counted here.

${table(["bundle", "minified", "gzip"], [...ours, ...peers])}
The package ships its JavaScript as it was written, so that stacks and profiles name functions. Where
nothing minifies it, which \`wrangler deploy\` does not do by itself, a bundle is

${table(["bundle, not minified", "raw", "gzip"], plain)}
![bytes of a bundle](performance/${PLOT})

The WebAssembly by its sections, and the JavaScript around it (the glue, the entry and the calls of
the five operations), each compressed on its own:

${table(["part", "raw", "gzip"], partsOf({ entries, sections }).map(({ name, raw, gzip }) => [name, kilobytes(raw), kilobytes(gzip)]))}
${explained(measured)}
${DROPPED}`;
}

/**
 * What the build no longer does. Measured by hand on this version, 2026-11-29: no command here can build it the
 * old way.
 */
const DROPPED = `The build is a stock one, which any stable Rust can run. What the version before did on top, and what it would
save here, measured once:

${table(
  ["dropped", "would save, gzip"],
  [
    ["a standard library compiled along for size, without the words of a panic (four flags of the nightly compiler)", kilobytes(1_973)],
    ["short names between the module and its glue, by rewriting both", kilobytes(3_222)],
    ["a guard written into the glue's queue of microtasks: there is no queue any more", kilobytes(0)],
  ],
)}`;

/** Where the bytes go, and what of them no client made of these parts can do without. */
function explained({ entries, sections, floor, crates, files }) {
  const words = sections.find(({ name }) => name === "data").gzip;
  const host = entries.workerd.js.gzip - floor.js.gzip;
  const whole = gzipOf(entries.workerd);
  const least = gzipOf(floor);
  const decides = whole - least - words - host;
  return `What no client made of these parts goes below: [\`benches/floor\`](../benches/floor/src/lib.rs), a class
of one method that does nothing of use with each of the dependencies (wasm-bindgen, its futures,
gloo-net, serde, serde-wasm-bindgen), built and bound in the same way. To that this package adds
what it promises; about, since what is compressed together is smaller than its parts:

${table(
  ["what is in the entry for workerd", "gzip"],
  [
    ["the floor: module and glue", kilobytes(least)],
    ["words: the rules of every field and option with what is wanted there, the error catalogue, what to do about each failure", kilobytes(words)],
    ["the JavaScript in `src/js`: the exchange with the host, the error classes, the comparison with the tables", kilobytes(host)],
    ["the engine: arguments, retries, limits, what a failure means and what is said about it", kilobytes(decides)],
    ["together", kilobytes(whole)],
  ],
)}
So ${kilobytes(LIMITS.workerd)} hold less than floor, words and checks, ${kilobytes(whole - decides)}, with nothing decided; and ${kilobytes(LIMITS.default)} in the default
entry, whose text is ${kilobytes(gzipOf(entries.default) - whole)} larger than the module, leave ${kilobytes(LIMITS.default - gzipOf(entries.default) + decides)} to decide with. The bytes before gzip,
of the module's code by crate and of the JavaScript by file; \`cargo xtask size --functions\` has each function:

${table(["code", "raw"], [...crates, ...files].map(([name, bytes]) => [`\`${name}\``, kilobytes(bytes)]))}`;
}

const SHOWN = ["code", "data"];

/** Code, data, the rest of the module, and the JavaScript that goes with it. */
function partsOf({ entries, sections }) {
  const chosen = (name) => sections.filter((section) => section.name === name);
  const rest = sections.filter(({ name }) => !SHOWN.includes(name));
  const total = (list, what) => list.reduce((sum, section) => sum + section[what], 0);
  const entry = (name, list) => ({ name, raw: total(list, "raw"), gzip: total(list, "gzip") });
  return [
    ...SHOWN.map((name) => entry(name, chosen(name))),
    entry("other sections: types, imports, exports …", rest),
    { name: "JavaScript, with the workerd entry", ...entries.workerd.js },
  ];
}

const FILLS = [COLOURS.ours, COLOURS.oursToo, "#b9d6f6", "#123c69"];
const PIECES = ["code", "data", "other sections", "JavaScript"];

/** @returns {Record<string, string>} SVG by file */
export function plots(measured) {
  const { clients, entries } = measured;
  const peers = Object.entries(clients)
    .filter(([client]) => client !== OURS && client !== RAW)
    .map(([client, { gzip }]) => ({
      label: titleOf(client),
      pieces: [{ value: gzip, fill: colourOf(client) }],
      note: kilobytes(gzip),
    }));
  const ours = ["workerd", "slim", "default"].map((entry) => ({
    label: `synctera-customers, ${entry}`,
    pieces: piecesOf(entry, measured),
    note: kilobytes(gzipOf(entries[entry])),
  }));
  return {
    [PLOT]: bars({
      title: "A bundle that uses the five operations",
      subtitle: "minified and compressed by gzip; this package by what it is made of",
      rows: [...ours, ...peers],
      legend: PIECES.map((label, at) => ({ label, fill: FILLS[at] })),
    }),
  };
}

/** The whole in pieces in proportion to what each takes alone. */
function piecesOf(entry, { entries, sections }) {
  const parts = partsOf({ entries, sections }).map(({ gzip }) => gzip);
  const scale = gzipOf(entries[entry]) / parts.reduce((sum, gzip) => sum + gzip, 0);
  return parts.map((gzip, at) => ({ value: gzip * scale, fill: FILLS[at] }));
}
