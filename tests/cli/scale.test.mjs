// An import of 20,000 rows that is killed again and again. `cargo xtask scale` does the same with a million.
import { it } from "node:test";
import { makeFolder } from "./harness.mjs";
import { importWithKills } from "./scale.mjs";

it("an import that is killed at random moments creates each of 20,000 rows once, as it was sent", async (t) => {
  const seed = Number(process.env.SCALE_SEED ?? Math.floor(Math.random() * 2 ** 31));
  t.diagnostic(`seed ${seed}; SCALE_SEED repeats it`);
  await importWithKills({ rows: 20_000, kills: 5, seed, folder: await makeFolder() });
});
