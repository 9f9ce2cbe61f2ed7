// Runs the bundled Worker in workerd.
import { answerOf } from "../../../runtimes/tools/worker.mjs";

const { BUNDLE, SERVER } = process.env;
const results = JSON.parse(await answerOf(BUNDLE, JSON.stringify({ server: SERVER })));
console.log(`\nRESULTS ${JSON.stringify({ results, views: [] })}`);
