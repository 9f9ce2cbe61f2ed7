// Measures several things against each other. Runs in every runtime.
import { median, rounded } from "./statistics.js";

/**
 * @typedef {object} Runner
 * @property {string} name
 * @property {(calls: number) => Promise<number>} batch makes so many calls, one after the other, and
 *   says how many milliseconds they took
 * @property {number} [calls] how many calls a batch makes; calibrated if it is not said
 *
 * @typedef {object} Schedule
 * @property {number} rounds
 * @property {number} samples batches of each runner in a round, of which the median counts
 * @property {number} sampleMs how long a batch shall take
 * @property {number} warmUpMs how long each runner is warmed up
 */

/**
 * Batches of all runners take turns, in another order each time, so that whatever disturbs the
 * machine disturbs them all alike.
 *
 * @param {Runner[]} runners
 * @param {Schedule} schedule
 * @returns {Promise<Record<string, number[]>>} microseconds per call by runner, the median of each round
 */
export async function race(runners, { rounds, samples, sampleMs, warmUpMs }) {
  for (const runner of runners) runner.calls ??= await calibrated(runner, sampleMs, warmUpMs);
  const results = Object.fromEntries(runners.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const taken = new Map(runners.map(({ name }) => [name, []]));
    for (let sample = 0; sample < samples; sample += 1) {
      for (const { name, batch, calls } of shuffled(runners)) {
        taken.get(name).push(((await batch(calls)) * 1000) / calls);
        await breath();
      }
    }
    for (const [name, times] of taken) results[name].push(rounded(median(times)));
  }
  return results;
}

/** A batch of calls in this very program. */
export const timed = (call) => async (calls) => {
  const start = performance.now();
  for (let made = 0; made < calls; made += 1) await call();
  return performance.now() - start;
};

/** Warms up a runner and says how many calls take `sampleMs`. */
async function calibrated({ batch }, sampleMs, warmUpMs) {
  let calls = 1;
  let spent = 0;
  for (;;) {
    const ms = await batch(calls);
    spent += ms;
    await breath();
    if (ms >= sampleMs / 2 && spent >= warmUpMs) return Math.max(1, Math.round((calls * sampleMs) / ms));
    if (ms < sampleMs / 2) calls *= 2;
  }
}

/** Lets timers, finalizers and the garbage collector have their turn outside the measurement. */
const breath = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A copy in a random order. */
export function shuffled(list) {
  const copy = [...list];
  for (let end = copy.length - 1; end > 0; end -= 1) {
    const other = Math.floor(Math.random() * (end + 1));
    [copy[end], copy[other]] = [copy[other], copy[end]];
  }
  return copy;
}
