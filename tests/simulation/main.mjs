// `cargo xtask simulate`: the seeds of the environment, with how far it is.
import { explain, simulate } from "./simulate.mjs";

const BATCH = 1_000;
const { FROM, SEEDS } = process.env;
const end = Number(FROM) + Number(SEEDS);

for (let seed = Number(FROM); seed < end; seed += BATCH) {
  const failed = await simulate(seed, Math.min(BATCH, end - seed));
  for (const failure of failed) console.error(explain(failure));
  if (failed.length > 0) process.exit(1);
  console.log(`${Math.min(seed + BATCH, end) - Number(FROM)} seeds, ${Math.round(process.memoryUsage().heapUsed / 1e6)} MB of heap`);
}
