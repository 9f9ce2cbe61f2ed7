// The scenario in Deno, which names npm's packages so.
import * as errors from "npm:synctera-customers";
import { judgeResolution } from "./resolution.js";
import { runScenario } from "./scenario.js";

const { CustomersApi } = errors;
const { BASE_URL, ENTRY, TOKEN } = Deno.env.toObject();
const resolution = judgeResolution([import.meta.resolve("npm:synctera-customers")], ENTRY);
const results = await runScenario({ CustomersApi, errors, baseUrl: BASE_URL, token: TOKEN });
console.log(JSON.stringify([resolution, ...results]));
