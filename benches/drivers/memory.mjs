// In a fresh Node with `--expose-gc`: what calls hold while they wait for a response that never comes.
// Prints bytes per call. Arguments: the case.
import { callOf } from "../harness/operations.js";
import { answering, silent } from "../harness/responses.js";
import { customer } from "../harness/customers.js";

const { pendingCalls } = JSON.parse(process.env.SETTINGS);
const memories = watchMemories();
const caseModule = await import(`../cases/${process.argv[2]}.mjs`);

const text = JSON.stringify(customer());
let fetch = answering(text);
const call = callOf("get", caseModule, (...request) => fetch(...request));
// What is made once, for the first calls, is not what a call holds.
for (let made = 0; made < 10; made += 1) await call();

fetch = silent();
const before = await inUse();
const pending = Array.from({ length: pendingCalls }, call);
const after = await inUse();
const each = (what) => Math.round((after[what] - before[what]) / pending.length);
console.log(JSON.stringify({ heap: each("heap"), external: each("external"), wasm: each("wasm") }));
process.exit(0);

/** What is in use once nothing is left to collect. `external` holds WebAssembly's memory too. */
async function inUse() {
  for (let round = 0; round < 4; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    globalThis.gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  const wasm = memories.reduce((total, memory) => total + memory.buffer.byteLength, 0);
  return { heap: heapUsed, external, wasm };
}

/** The memories of all WebAssembly that is instantiated from now on. */
function watchMemories() {
  const seen = [];
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, args) {
      const instance = new target(...args);
      for (const value of Object.values(instance.exports)) {
        if (value instanceof WebAssembly.Memory) seen.push(value);
      }
      return instance;
    },
  });
  return seen;
}
