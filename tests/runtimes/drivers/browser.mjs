// The scenario in a page, in a worker or in a shared worker: asks its server for the settings, and
// hands it the results. Elsewhere than in a page there is no other way to be heard by all engines.
import * as errors from "synctera-customers";
import { runScenario } from "./scenario.js";

const { CustomersApi } = errors;

export async function testRow() {
  const { baseUrl, token } = await (await fetch("/settings")).json();
  const results = await runScenario({ CustomersApi, errors, baseUrl, token });
  const scope = Object.prototype.toString.call(globalThis);
  await fetch("/scenario", { method: "POST", body: JSON.stringify({ scope, results }) });
}
