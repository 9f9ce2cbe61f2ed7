// In a page: its server has the settings and takes the observations.
import * as errors from "synctera-customers";
import { runFaults } from "../laboratory.js";

const { CustomersApi } = errors;
(async () => {
  const settings = await (await fetch("/settings")).json();
  const results = await runFaults({ CustomersApi, errors, settings });
  await fetch("/scenario", { method: "POST", body: JSON.stringify({ results }) });
})();
