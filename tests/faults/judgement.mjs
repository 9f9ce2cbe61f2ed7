// What is wrong with how a call ended under a fault.
import { KEYED } from "./table.js";

/** What a busy machine may add to a deadline. */
const SLACK_MS = 5_000;

/**
 * @param {import("./table.js").Fault} fault
 * @param {import("./laboratory.js").Observation} observation
 * @returns {string[]} nothing if all is right
 */
export function wrongs(fault, observation) {
  const { operation, ended, attempts, outcome, stored, repeated, ms, trouble } = observation;
  if (trouble) return [trouble];
  const wanted = (KEYED.has(operation) && fault.endsKeyed) || fault.ends;
  const [least, most] = wanted.attempts;
  const found = [];
  const check = (right, what) => right || found.push(what);
  check(ended === wanted.ended, `ended as ${ended}, not ${wanted.ended}`);
  check(attempts >= least && attempts <= most, `made ${attempts} attempts, not ${least} to ${most}`);
  check(outcome === wanted.outcome, `outcome ${outcome}, not ${wanted.outcome}`);
  check(ms >= (fault.minMs ?? 0), `took ${ms} ms, less than ${fault.minMs} ms`);
  const longest = fault.maxMs ?? (fault.call?.timeoutMs ?? 15_000) + SLACK_MS;
  check(ms <= longest, `took ${ms} ms, more than ${longest} ms`);
  if (stored === undefined) return found;
  // What holds whatever the table says: nothing twice, nothing acknowledged and missing, nothing
  // refused and there.
  check(stored <= 1, `the database holds it ${stored} times`);
  if (ended === "resolves") check(stored > 0, "acknowledged, and not in the database");
  if (outcome === "rejected" || outcome === "not_sent") check(stored === 0, `${outcome}, and in the database`);
  if (outcome === "unknown") check(repeated === 1, `after the repetition the database holds it ${repeated} times`);
  if (wanted.stored !== undefined) check(stored === wanted.stored, `stored ${stored} times, not ${wanted.stored}`);
  return found;
}
