// Runs in the installed package's project, on any runtime that has `process`: the scenario, by import.
import * as errors from "synctera-customers";
import { judgeResolution } from "./resolution.js";
import { runScenario } from "./scenario.js";

const { BASE_URL, ENTRY, TOKEN } = process.env;
const { CustomersApi } = errors;
const resolution = judgeResolution([import.meta.resolve("synctera-customers")], ENTRY);
const results = await runScenario({ CustomersApi, errors, baseUrl: BASE_URL, token: TOKEN });
console.log(JSON.stringify([resolution, ...results]));
