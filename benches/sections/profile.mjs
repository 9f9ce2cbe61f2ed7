// The section on what the time of a call goes to.
import { titleOf } from "../clients.mjs";
import { sharesByOwner } from "../profile.mjs";
import { table } from "../tables.mjs";

export const part = "profile";
export const title = "What the time of a call goes to";

export function text(measured) {
  const tables = Object.entries(measured).map(
    ([operation, shares]) => `### ${operation}\n\n${table(["", ...Object.keys(shares).map(titleOf)], sharesByOwner(shares))}`,
  );
  return `${EXPLANATION}\n\n${tables.join("\n")}`;
}

const EXPLANATION = `Shares of the time of calls with a stubbed \`fetch\` in Node, by its profiler. The version before made a plain
call in JavaScript; now the whole call is Rust, and a get crosses between WebAssembly and JavaScript ten times. That is
what the client's WebAssembly costs, in a loop in which Node's \`Response\` displaces its code and data from the caches: with
a \`fetch\` that costs nothing, the two versions take equally long.`;
