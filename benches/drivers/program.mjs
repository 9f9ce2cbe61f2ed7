// In Node, Deno and Bun: does the task that the environment names and prints what came of it.
import * as tasks from "../harness/tasks.js";

const { task, clients, ...settings } = JSON.parse(process.env.SETTINGS);
const cases = {};
for (const name of clients) cases[name] = await import(`../cases/${name}.mjs`);
console.log(JSON.stringify(await tasks[task](cases, settings)));
// A client may hold timers or connections.
process.exit(0);
