// Shows a page in a browser until it has reported.
import { setTimeout as sleep } from "node:timers/promises";
import { servePage } from "./page-server.mjs";
import { visit } from "./webdriver.mjs";

/**
 * What a page reports first, or nothing if that takes too long.
 *
 * @param {string} engine
 * @param {Parameters<typeof servePage>[0]} page
 * @param {Parameters<typeof servePage>[1]} files
 * @param {object} settings
 * @param {number} patienceMs
 * @returns {Promise<import("./page-server.mjs").PageReport>}
 */
export async function show(engine, page, files, settings, patienceMs) {
  const { url, report, close } = await servePage(page, files, settings);
  const patience = new AbortController();
  try {
    await visit(engine, url);
    return await Promise.race([report, sleep(patienceMs, {}, patience)]);
  } finally {
    patience.abort();
    // The next page starts from nothing: no worker of this one goes on.
    await visit(engine, "about:blank").catch(() => {});
    close();
  }
}

/** As `show`, of a page that is to run a scenario: its trouble is an error. */
export async function scenarioOf(engine, page, files, settings, patienceMs) {
  const { scenario, trouble } = await show(engine, page, files, settings, patienceMs);
  if (!scenario) throw new Error(trouble ?? `the page said nothing for ${patienceMs} ms`);
  return scenario;
}
