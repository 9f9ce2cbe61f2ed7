import assert from "node:assert/strict";
import { test } from "node:test";
import { explain, simulate } from "./simulate.mjs";

const SEEDS = 1_000;

test(`in ${SEEDS} simulated schedules nothing is lost, doubled or late, and every outcome is true`, async () => {
  const failed = await simulate(1, SEEDS);
  assert.deepEqual(failed.map(explain), []);
});
