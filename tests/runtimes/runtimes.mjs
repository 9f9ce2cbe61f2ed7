// The runtimes that must run the scenario, as data: a new one is a row here and, at most, a driver.
import { EDGE, WORKERD } from "./hosted.mjs";
import { PAGES } from "./pages.mjs";
import { BUN, DENO, NODE_MAJORS, node, program } from "./programs.mjs";

/** The package asks for no permission but to reach the API; the drivers read their settings. */
const DENO_RUN = ["run", "--no-prompt", "--allow-env", "--allow-net=127.0.0.1"];

/** What is not installed is not fetched either. */
const BUN_RUN = ["run", "--no-install"];

/** @type {import("./matrix.mjs").Row[]} */
export const ROWS = [
  ...NODE_MAJORS.flatMap((major) => [
    program(`Node ${major}, import`, node(major), "import.mjs", "node.js"),
    program(`Node ${major}, require`, node(major), "require.cjs", "node.cjs"),
    program(`Node ${major}, slim`, node(major), "slim.mjs", "slim.js"),
  ]),
  program("Deno, import", DENO, "import.mjs", "default.js", DENO_RUN),
  program("Deno, import from npm:", DENO, "deno.mjs", "default.js", DENO_RUN),
  program("Deno, require", DENO, "require.cjs", "node.cjs", [...DENO_RUN, "--allow-read"]),
  program("Bun, import", BUN, "import.mjs", "default.js", BUN_RUN),
  program("Bun, require", BUN, "require.cjs", "default.js", BUN_RUN),
  WORKERD,
  EDGE,
  ...PAGES,
];
