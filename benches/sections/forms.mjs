// The section on the forms of a call.
import { OURS, titleOf } from "../clients.mjs";
import { atMost } from "../goals.mjs";
import { ratios, summary } from "../harness/statistics.js";
import { number, spread, table } from "../tables.mjs";

export const part = "forms";
export const title = "What the other forms of a call cost";

/** Relative to the plain form; a smaller difference is noise. */
const SAME = 1.15;

const formsOf = (operations) => Object.keys(operations.get).filter((form) => form !== OURS);

const ratioOf = (results, form) => ratios(results[form], results[OURS]);

export function goals({ Node }) {
  const all = Object.values(Node).flatMap((results) => formsOf(Node).map((form) => ratioOf(results, form).median));
  return [
    atMost(`every form of a call costs at most ${SAME}× the plain one, in Node`, Math.max(...all), SAME, (value) => `${number(value)}×`),
  ];
}

export function text(measured) {
  const [first] = Object.values(measured);
  const head = ["runtime", "operation", "plain, µs", ...formsOf(first).map(titleOf)];
  const rows = Object.entries(measured).flatMap(([runtime, operations]) =>
    Object.entries(operations).map(([operation, results]) => [
      runtime,
      operation,
      number(summary(results[OURS]).median),
      ...formsOf(operations).map((form) => spread(ratioOf(results, form))),
    ]),
  );
  return `Each relative to the plain form in the same round: with \`…WithHttpInfo\`, with all three hooks, with a logger at
\`info\`, with a \`maxConcurrent\` that no call meets, and with
\`onSchemaDrift\`, which compares every field of the response with the contract.

${table(head, rows)}`;
}
