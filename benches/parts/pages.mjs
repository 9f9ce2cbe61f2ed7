// How the cost of a page grows with its size.
import { OURS, OURS_CHECKED, RAW } from "../clients.mjs";

export const name = "pages";
export const title = "cost by the size of a page";

/** @param {import("../bench.mjs").Bench} bench */
export async function measure(bench) {
  const { course, pageSizes } = bench.settings;
  const results = {};
  for (const pageSize of pageSizes) {
    results[pageSize] = await bench.run("Node", {
      task: "calls",
      clients: [RAW, OURS, OURS_CHECKED],
      operation: "list",
      pageSize,
      // A batch of the largest is one call, and takes longer than a batch shall.
      course: pageSize < 1_000 ? course : { ...course, samples: Math.ceil(course.samples / 2) },
    });
  }
  return results;
}
