// The section on many calls at a time.
import { OURS, RAW, titleOf } from "../clients.mjs";
import { atMost } from "../goals.mjs";
import { median, ratios } from "../harness/statistics.js";
import { number, spread, table } from "../tables.mjs";

export const part = "in-flight";
export const title = "What many calls at a time cost";

/** No more, and what counts as noise. */
const SAME = 1.15;

export function goals({ time }) {
  const most = sizesOf(time).at(-1);
  const [ours, raw] = [OURS, RAW].map((client) => ratios(time[client][most], time[client][1]).median);
  return [
    atMost(
      `a call among ${most.toLocaleString("en")} in flight costs no more than alone (${SAME}× counts as noise)`,
      ours,
      SAME,
      (value) => `${number(value)}×; raw fetch, the floor, ${number(raw)}×`,
    ),
  ];
}

export function text({ time, memory }) {
  const rows = sizesOf(time).map((size) => [
    size.toLocaleString("en"),
    ...[RAW, OURS].flatMap((client) => [
      number(median(time[client][size])),
      size === 1 ? "1" : spread(ratios(time[client][size], time[client][1])),
    ]),
  ]);
  const head = ["in flight", "raw fetch, µs per call", "× alone", "this package, µs per call", "× alone"];
  return `On one client, in Node: the stubbed \`fetch\` answers the oldest get only once so many are under way, and
each response makes room for the next get. Cost per call, and its ratio to that of a call alone in the
same round. Raw \`fetch\` pays for the many as well, since what waits is what the garbage collector has
to copy: that is the floor, below which no client of it stays.

${table(head, rows)}
What a call holds while it waits: ${memory.pending.toLocaleString("en")} gets whose response never comes, bytes in use afterwards less those
before, after garbage collections, per call; the median of fresh processes. WebAssembly's memory grows
by 64 kB at a time and is kept for later calls; it is part of what lies outside the heap.

${table(["client", "heap", "outside the heap", "of it WebAssembly", "together"], memoryRows(memory))}`;
}

function memoryRows({ bytes }) {
  return Object.entries(bytes).map(([client, rounds]) => {
    const of = (name) => median(rounds.map((round) => round[name]));
    const together = median(rounds.map(({ heap, external }) => heap + external));
    return [titleOf(client), ...[of("heap"), of("external"), of("wasm"), together].map(whole)];
  });
}

const whole = (bytes) => Math.round(bytes).toLocaleString("en");

const sizesOf = (time) => Object.keys(time[OURS]).map(Number);
