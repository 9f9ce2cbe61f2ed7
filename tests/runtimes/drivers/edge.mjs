// The scenario in Vercel's Edge runtime, whose host evaluates scripts and calls what they define.
import * as errors from "synctera-customers";
import { runScenario } from "./scenario.js";

const { CustomersApi } = errors;
globalThis.runScenario = async (settings) =>
  JSON.stringify(await runScenario({ CustomersApi, errors, ...settings }));
