// Runs in the installed package's project: the scenario, by require().
const errors = require("synctera-customers");

const { BASE_URL, ENTRY, TOKEN } = process.env;
const { CustomersApi } = errors;
(async () => {
  const { judgeResolution } = await import("./resolution.js");
  const { runScenario } = await import("./scenario.js");
  const resolution = judgeResolution([require.resolve("synctera-customers")], ENTRY);
  const results = await runScenario({ CustomersApi, errors, baseUrl: BASE_URL, token: TOKEN });
  console.log(JSON.stringify([resolution, ...results]));
})();
