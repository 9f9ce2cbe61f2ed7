// The section on cold starts.
import { OURS, RAW, isFull, titleOf } from "../clients.mjs";
import { bars } from "../drawing/bars.mjs";
import { colourOf } from "../drawing/colours.mjs";
import { atMost, under } from "../goals.mjs";
import { differences, median, summary } from "../harness/statistics.js";
import { number, spread, table } from "../tables.mjs";

export const part = "start";
export const title = "What the first call costs";

const WITHIN_MS = 10;

export function goals({ starts }) {
  const behind = (runtime) => differences(starts[runtime][OURS], starts[runtime][RAW]).median;
  const ms = (value) => `${number(value)} ms`;
  return [
    atMost(`a cold start within ${WITHIN_MS} ms of raw fetch, in Node`, behind("Node"), WITHIN_MS, ms),
    ...Object.entries(starts).map(([runtime, results]) => ahead(runtime, results)),
  ];
}

/** Ahead of every full-featured peer, hence of the fastest. */
function ahead(runtime, results) {
  const [rival, rounds] = Object.entries(results)
    .filter(([client]) => isFull(client))
    .sort(([, a], [, b]) => median(a) - median(b))[0];
  return under(
    `a cold start ahead of every full-featured peer, in ${runtime}`,
    median(results[OURS]),
    median(rounds),
    (value) => `${number(value)} ms; ${titleOf(rival)}, the fastest of them, ${number(median(rounds))} ms`,
  );
}

export function text({ starts, module }) {
  const parts = Object.entries(starts).map(([runtime, results]) => {
    const rows = Object.entries(results).map(([client, rounds]) => [
      titleOf(client),
      spread(summary(rounds)),
      client === RAW ? "0" : spread(differences(rounds, results[RAW])),
    ]);
    return `### Cold start in ${runtime}

${table(["client", "ms", "ms more than raw fetch"], rows)}
![cold start in ${runtime}](performance/${file(runtime)})
`;
  });
  const modules = Object.entries(module).map(([runtime, { compile, instantiate }]) => [
    runtime,
    spread(summary(compile)),
    spread(summary(instantiate)),
  ]);
  return `A fresh process each time, the clients in turns: milliseconds from the import of a client to the end
of its first call, answered by a stubbed \`fetch\`. What every process pays before, the start of the
runtime itself, is not in it; what the first \`Response\` of a process costs is. In workerd it is all
of it: from the start of workerd, which has to read the Worker, to the response to a first request.
The difference is taken within a round. Each client was started once before, so disks and those
runtimes that keep compiled code have it at hand. The clients that are generated from the contract are one file
each; in Node, Deno and Bun the others are as npm installs them.

${parts.join("\n")}
### The module alone

Compiling and instantiating this package's WebAssembly, in fresh processes; both are part of the cold
starts above. In workerd the module is compiled when the Worker is loaded.

${table(["runtime", "compile, ms", "instantiate, ms"], modules)}`;
}

const file = (runtime) => `start-${runtime.toLowerCase()}.svg`;

/** @returns {Record<string, string>} SVG by file */
export function plots({ starts }) {
  return Object.fromEntries(
    Object.entries(starts).map(([runtime, results]) => [file(runtime), plotOf(runtime, results)]),
  );
}

function plotOf(runtime, results) {
  const rows = Object.entries(results).map(([client, rounds]) => {
    const { median, lowest, highest } = summary(rounds);
    return {
      label: titleOf(client),
      pieces: [{ value: median, fill: colourOf(client) }],
      spread: [lowest, highest],
      note: `${number(median)} ms`,
    };
  });
  return bars({
    title: `Cold start in ${runtime}`,
    subtitle:
      runtime === "workerd"
        ? "ms from the start of workerd to the first response; the bar is the median, the line the range"
        : "ms from import to the end of the first call; the bar is the median, the line the range",
    rows,
  });
}
