// Runs a bundled program in Vercel's Edge runtime and prints the scenario's results.
import { edgeOf } from "./edge-vm.mjs";

const { BASE_URL, BUNDLE, TOKEN } = process.env;
const { runScenario } = await edgeOf(BUNDLE);
console.log(await runScenario({ baseUrl: BASE_URL, token: TOKEN }));
