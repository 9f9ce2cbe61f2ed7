// Runs in the installed package's project: the scenario, with a module that the caller loads.
import { readFile } from "node:fs/promises";
import * as slim from "synctera-customers/slim";
import { judgeResolution } from "./resolution.js";
import { runScenario } from "./scenario.js";

const { BASE_URL, ENTRY, TOKEN } = process.env;
const resolution = judgeResolution([import.meta.resolve("synctera-customers/slim")], ENTRY);
await slim.init(readFile(new URL(import.meta.resolve("synctera-customers/synctera_customers.wasm"))));
const { CustomersApi } = slim;
const results = await runScenario({ CustomersApi, errors: slim, baseUrl: BASE_URL, token: TOKEN });
console.log(JSON.stringify([resolution, ...results]));
