// The plots and the tables of docs/scale.md. Reads what benches/scale/cases.rs has printed from stdin, writes the
// plots into the folder that is the first argument, and prints the tables.
import { writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { bars } from "../drawing/bars.mjs";
import { curves } from "../drawing/curves.mjs";
import { COLOURS } from "../drawing/svg.mjs";
import { table } from "../tables.mjs";

const CUSTOMERS = 100e6;
const DAY_SECONDS = 86_400;

/** Assumed prices in US dollars; docs/scale.md says where they are from. */
const PRICE = { machineHour: 0.1, workersRequest: 0.3e-6, workersCpuMs: 0.02e-6, queueOperation: 0.4e-6 };
/** Assumed: processor time of a create in a Worker, and operations of a queue for a message: write, read, delete. */
const CPU_MS = 2;
const QUEUE_OPERATIONS = 3;
const ROWS_PER_MESSAGE_BATCH = 100;

const folder = process.argv[2];
const { rates, overload, outages, deadlines } = JSON.parse(await text(process.stdin));

const perSecond = ({ created, seconds }) => created / seconds;
const daysOf = (one) => CUSTOMERS / perSecond(one) / DAY_SECONDS;
const number = (value, digits = 0) => value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });
const percent = (part, whole) => `${number((100 * part) / whole, 1)} %`;
const time = (days) => (days >= 2 ? `${number(days, days < 10 ? 1 : 0)} days` : `${number(days * 24, 1)} h`);

const COLOUR = { 1: COLOURS.goal, 10: COLOURS.peer, 100: COLOURS.ours };
await writeFile(
  `${folder}/days.svg`,
  curves({
    title: "How long 100 million customers take",
    subtitle: "days, by the limit that the programs share; up to 100 rows in flight in each, 180 ms a response",
    across: "requests per second that the API accepts",
    write: (value) => number(value, value < 1 ? 1 : 0),
    curves: [1, 10, 100].map((programs) => ({
      label: programs === 1 ? "1 program" : `${programs} programs`,
      stroke: COLOUR[programs],
      points: rates.filter((one) => one.programs === programs).map((one) => [one.limit, daysOf(one)]),
    })),
  }),
);

const sharesOf = ({ perSecond: each, programs, limit }) => (each === null ? "no limit set" : `${number((each * programs) / limit, 1)} × the limit`);
await writeFile(
  `${folder}/overload.svg`,
  bars({
    title: "Requests that a limit of 100 per second rejects",
    subtitle: "ten programs of 8 rows in flight; their maxRequestsPerSecond together, and whether a 429 says retry_after",
    rows: overload.map((one) => ({
      label: `${sharesOf(one)}, ${one.saysWhen ? "retry_after" : "none"}`,
      pieces: [
        { value: perSecond(one), fill: COLOURS.ours },
        { value: one.rejected429 / one.seconds, fill: COLOURS.peer },
      ],
      note: `${percent(one.failed, one.failed + one.created)} of the rows fail`,
    })),
    legend: [
      { label: "created, per second", fill: COLOURS.ours },
      { label: "429, per second", fill: COLOURS.peer },
    ],
  }),
);

await writeFile(
  `${folder}/outage.svg`,
  curves({
    title: "What an outage leaves to a second run",
    subtitle: "rows that ten programs report as unknown, while the API answers each request with 503",
    across: "seconds that the outage lasts",
    write: (value) => (value >= 1e6 ? `${number(value / 1e6)} million` : number(value)),
    curves: [
      [1_000, COLOURS.ours],
      [100, COLOURS.peer],
    ].map(([limit, stroke]) => ({
      label: `${number(limit)} per second`,
      stroke,
      points: outages.filter((one) => one.limit === limit && one.unknown > 0).map((one) => [one.outageSeconds, one.unknown]),
    })),
  }),
);

/** The case of a limit with the least programs that need at most a tenth more time than the fastest. */
function smallest(limit) {
  const cases = rates.filter((one) => one.limit === limit);
  const fastest = Math.max(...cases.map(perSecond));
  return cases.find((one) => perSecond(one) * 1.1 >= fastest);
}

const limits = [...new Set(rates.map(({ limit }) => limit))];
const costs = limits.map(smallest).map((one) => {
  const requests = (CUSTOMERS * one.requests) / one.created;
  const machines = one.programs * daysOf(one) * 24 * PRICE.machineHour;
  const workers = CUSTOMERS * (PRICE.workersRequest / ROWS_PER_MESSAGE_BATCH + CPU_MS * PRICE.workersCpuMs + QUEUE_OPERATIONS * PRICE.queueOperation);
  return [number(one.limit), one.programs, number(perSecond(one)), time(daysOf(one)), number(requests / 1e6, 1), `$${number(machines)}`, `$${number(workers)}`];
});

console.log(
  [
    "",
    table(["limit, per second", "programs", "created, per second", "time", "million requests", "machines", "Workers and a queue"], costs),
    "![days by limit](scale/days.svg)\n",
    "![requests above a limit](scale/overload.svg)\n",
    "![unknown rows by the length of an outage](scale/outage.svg)\n",
    table(
      ["rows in flight, at 1 request per second", "created", "failed at their deadline of 60 s"],
      deadlines.map((one) => [one.inFlight, number(one.created), number(one.failed)]),
    ),
  ].join("\n"),
);
