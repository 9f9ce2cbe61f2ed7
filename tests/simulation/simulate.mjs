// Carries out the plans of many seeds; of one that fails, says what is wrong and the least plan that does so.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { drawPlan } from "./plan.mjs";
import { carryOut } from "./world.mjs";

const require = createRequire(pathToFileURL(`${process.env.CONSUMER}/index.js`));
const { CustomersApi, isSyncteraError } = require("synctera-customers");
const { createCustomers } = require("synctera-customers/bulk");
const { createSandbox } = require("synctera-customers/testing");
const PARTS = { CustomersApi, isSyncteraError, createSandbox, createCustomers };

/**
 * The seeds among these that fail, reduced.
 *
 * @param {number} first
 * @param {number} count
 * @param {{ failures?: number }} [options] after how many failures to stop
 */
export async function simulate(first, count, { failures = 3 } = {}) {
  const failed = [];
  for (let seed = first; seed < first + count && failed.length < failures; seed += 1) {
    const plan = drawPlan(seed);
    const wrong = await carryOut(PARTS, plan);
    if (wrong.length > 0) failed.push({ seed, wrong, plan: await reduce(plan) });
  }
  return failed;
}

/** Leaves out one step after the other as long as something is still wrong. */
async function reduce(plan) {
  let least = plan;
  for (const step of plan.steps) {
    const steps = least.steps.filter((one) => one !== step);
    if ((await carryOut(PARTS, { ...least, steps })).length > 0) least = { ...least, steps };
  }
  return least;
}

/** How to see it again. */
export function explain({ seed, wrong, plan }) {
  return `seed ${seed} (again: cargo xtask simulate --from ${seed} --seeds 1)\n  ${wrong.join("\n  ")}\n  least plan: ${JSON.stringify(plan)}`;
}
