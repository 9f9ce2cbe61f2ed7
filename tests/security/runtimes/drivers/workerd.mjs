// Runs the bundled Worker in workerd.
import { responseOf } from "../../../runtimes/tools/worker.mjs";

const { BUNDLE, SERVER } = process.env;
const results = JSON.parse(await responseOf(BUNDLE, JSON.stringify({ server: SERVER })));
console.log(`\nRESULTS ${JSON.stringify({ results, views: [] })}`);
