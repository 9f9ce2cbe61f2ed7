// Measures what is asked for, or everything, and writes the document.
//
// Arguments: [--quick] [--against TARBALL] [PART…]. `cargo xtask bench` sets up the environment: CONSUMER (the project
// in which the packed package is installed), CLIENTS_CACHE, RESULTS_CACHE, OPENAPI_GENERATOR,
// SANDBOX, CHROMIUM, CHROMEDRIVER.
import { parseArgs } from "node:util";
import { Bench } from "./bench.mjs";
import { PARTS } from "./parts.mjs";
import { Results } from "./results.mjs";
import { writeDocument } from "./document.mjs";

const { values, positionals } = parseArgs({
  options: { quick: { type: "boolean", default: false }, against: { type: "string" } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => PARTS.every((part) => part.name !== name));
if (unknown) {
  console.error(`there is no part ${unknown}: ${PARTS.map((part) => part.name).join(", ")}`);
  process.exit(1);
}

const bench = await Bench.open({ quick: values.quick, previous: values.against, environment: process.env });
const results = await Results.open({ quick: values.quick, cache: process.env.RESULTS_CACHE });
for (const part of PARTS) {
  if (positionals.length > 0 && !positionals.includes(part.name)) continue;
  console.log(`${part.name}: ${part.title} …`);
  await results.add(part.name, await part.measure(bench));
  await results.save();
}
await bench.close();
console.log(await writeDocument(results));
process.exit(0);
