// The section on the sandbox in process.
import { under } from "../goals.mjs";
import { summary } from "../harness/statistics.js";
import { number, table } from "../tables.mjs";

export const part = "testing";
export const title = "What the sandbox in process costs";

const START_MS = 5;
const PER_SECOND = 10_000;

const median = (list) => summary(list).median;

export function goals({ Node }) {
  return [
    under(`createSandbox() returns in less than ${START_MS} ms once its module is loaded, in Node`, median(Node.empty), START_MS, (ms) => `${number(ms)} ms`),
    {
      promise: `the sandbox in process answers at least ${PER_SECOND.toLocaleString("en")} requests a second in one thread of Node`,
      measured: number(median(Node.get)),
      met: median(Node.get) >= PER_SECOND,
    },
  ];
}

export function text(measured) {
  const [first] = Object.values(measured);
  const rates = Object.keys(first).filter((name) => !["load", "empty", "full"].includes(name));
  const head = ["runtime", "load, ms", "start, ms", "start with 250 customers, ms", ...rates.map((name) => `${name}, per second`)];
  const rows = Object.entries(measured).map(([runtime, columns]) => [
    runtime,
    ...["load", "empty", "full", ...rates].map((name) => number(median(columns[name]))),
  ]);
  return `By \`synctera-customers/testing\` in fresh processes: the import of the module, the first \`createSandbox()\`, and
requests one after the other through \`sandbox.fetch\`, each response's body read. Each number is the median of the
processes.

${table(head, rows)}`;
}
