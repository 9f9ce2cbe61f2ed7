// The section on the cost per call.
import { OURS, OURS_CHECKED, PREVIOUS, RAW, titleOf } from "../clients.mjs";
import { bars } from "../drawing/bars.mjs";
import { colourOf } from "../drawing/colours.mjs";
import { atMost } from "../goals.mjs";
import { ratios, summary } from "../harness/statistics.js";
import { number, spread, table } from "../tables.mjs";

export const part = "calls";
export const title = "What a call costs";

/** Relative to raw fetch. */
const PER_CALL = 1.3;
const CHECKED_PAGE = 1.4;
/** Relative to the version before, if that is measured too. */
const SAME = 1.05;

const HEADS = { get: "get", create: "create", list: "page of 100" };

export function goals({ Node }) {
  const ratio = (operation, client) => ratios(Node[operation][client], Node[operation][RAW]).median;
  const times = (value) => `${number(value)}×`;
  const operations = Object.entries(Node).filter(([, results]) => results[PREVIOUS]);
  const compared = operations.map(([operation, results]) =>
    atMost(
      `a ${HEADS[operation]} costs at most ${SAME}× the version before, in Node`,
      ratios(results[OURS], results[PREVIOUS]).median,
      SAME,
      times,
    ),
  );
  return [
    ...compared,
    atMost(`a get costs at most ${PER_CALL}× raw fetch, in Node`, ratio("get", OURS), PER_CALL, times),
    atMost(`a create costs at most ${PER_CALL}× raw fetch, in Node`, ratio("create", OURS), PER_CALL, times),
    atMost(
      `a page of 100 customers, every one checked, costs at most ${CHECKED_PAGE}× raw fetch, in Node`,
      ratio("list", OURS_CHECKED),
      CHECKED_PAGE,
      times,
    ),
  ];
}

export function text(measured) {
  const runtimes = Object.entries(measured).map(
    ([runtime, operations]) => `### ${runtime}\n\n${costs(operations)}\n${plotted(runtime) ? `${image(runtime)}\n\n` : ""}`,
  );
  return `${EXPLANATION}\n\n${runtimes.join("")}`;
}

const EXPLANATION = `\`fetch\` is replaced by a function that resolves at once to a \`Response\` with the same headers and the
same text for everybody: one customer with all its fields (986 bytes), or a page of 100 (98.7 kB). So
what remains is what a client itself costs, and the reading of the body, which all have in common.
*create* includes the checks of the arguments and the making of an idempotency key, which raw fetch
does not do here. *×* is the median of the ratios to raw fetch in the same round; in parentheses stand
the lowest and the highest round.

stripe, openai and increase speak to other APIs: they are measured on their own resource
(customers, vector stores, entities) with the same number of bytes. *responses checked* is this package
with \`onSchemaDrift\`; hey-api + zod checks its responses too.

The clock of workerd stands still while a program computes. There the time is taken from outside: a
request makes as many calls as take 50 ms, and its own part of a millisecond is left in the number.
In Chromium the cases are one bundled script in a page.`;

function costs(operations) {
  const names = Object.keys(operations);
  const clients = Object.keys(operations.list);
  const head = ["client", ...names.flatMap((name) => [`${HEADS[name]}, µs`, "×"])];
  const cell = (operation, client) => {
    const rounds = operations[operation][client];
    if (!rounds) return ["–", "–"];
    const yardstick = operations[operation][RAW];
    return [number(summary(rounds).median), client === RAW ? "1" : spread(ratios(rounds, yardstick))];
  };
  return table(
    head,
    clients.map((client) => [titleOf(client), ...names.flatMap((name) => cell(name, client))]),
  );
}

const plotted = (runtime) => runtime === "Node";

const image = (runtime) => Object.keys(HEADS).map((name) => `![${HEADS[name]} in ${runtime}](performance/${file(name)})`).join("\n");

const file = (operation) => `calls-${operation}.svg`;

/** @returns {Record<string, string>} SVG by file */
export function plots({ Node }) {
  return Object.fromEntries(Object.entries(Node).map(([name, results]) => [file(name), ratioPlot(name, results)]));
}

function ratioPlot(operation, results) {
  const rows = Object.entries(results).map(([client, rounds]) => {
    const { median, lowest, highest } = ratios(rounds, results[RAW]);
    return {
      label: titleOf(client),
      pieces: [{ value: median, fill: colourOf(client) }],
      spread: client === RAW ? undefined : [lowest, highest],
      note: `${number(median)}×`,
    };
  });
  const limit = operation === "list" ? CHECKED_PAGE : PER_CALL;
  return bars({
    title: `${HEADS[operation]}: cost per call, as a multiple of raw fetch`,
    subtitle: "stubbed fetch, Node; the bar is the median of the rounds, the line their range",
    rows,
    goal: { value: limit, label: `goal ≤ ${limit}×` },
  });
}
