// In a browser's page: its server has the settings and takes what came of them.
import * as tasks from "../harness/tasks.js";

export async function main(cases) {
  const { task, ...settings } = await (await fetch("/settings")).json();
  const results = await tasks[task](cases, settings);
  await fetch("/scenario", { method: "POST", body: JSON.stringify({ results }) });
}
