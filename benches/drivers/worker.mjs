// In workerd: each request makes a number of calls. Its clock stands still while a program computes,
// so the caller takes the time.
import { answering } from "../harness/responses.js";
import { responseTo, callOf } from "../harness/operations.js";
import * as tasks from "../harness/tasks.js";

/** The Worker. @param {Record<string, import("../harness/tasks.js").Case>} cases */
export function main(cases) {
  const calls = new Map();
  const callFor = (client, operation) => {
    const name = `${client} ${operation}`;
    if (!calls.has(name)) {
      const fetch = answering(responseTo(operation, cases[client]));
      calls.set(name, callOf(operation, cases[client], fetch));
    }
    return calls.get(name);
  };
  return {
    async fetch(request) {
      const { faults, client, operation, count } = await request.json();
      if (faults) return Response.json(await tasks.faults(cases));
      const call = callFor(client, operation);
      for (let made = 0; made < count; made += 1) await call();
      return new Response("");
    },
  };
}
