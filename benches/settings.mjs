// How thoroughly is measured.

/** @typedef {typeof THOROUGH} Settings */

export const THOROUGH = {
  /** For what is called many times: see `harness/race.js`. */
  schedule: { rounds: 25, samples: 5, sampleMs: 10, warmUpMs: 300 },
  /** For what crosses sockets: longer batches, so that a slow wake-up weighs less. */
  socketSchedule: { rounds: 25, samples: 1, sampleMs: 400, warmUpMs: 800 },
  pageSizes: [1, 10, 100, 1_000, 10_000],
  pageProcesses: 5,
  flightSizes: [1, 10, 100, 1_000],
  /** Fresh processes of each case. */
  starts: 25,
  pendingCalls: 1_000,
  memoryRounds: 5,
};

/** So short that the numbers say nothing: to see that everything runs. */
export const QUICK = {
  schedule: { rounds: 2, samples: 1, sampleMs: 1, warmUpMs: 1 },
  socketSchedule: { rounds: 2, samples: 1, sampleMs: 20, warmUpMs: 20 },
  pageSizes: [1, 10, 100, 1_000],
  pageProcesses: 1,
  flightSizes: [1, 10, 100],
  starts: 2,
  pendingCalls: 100,
  memoryRounds: 1,
};
