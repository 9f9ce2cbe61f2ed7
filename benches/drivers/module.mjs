// In a fresh process: compiles and instantiates this package's module. Prints milliseconds.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { init } from "synctera-customers/slim";

const file = import.meta.resolve("synctera-customers/synctera_customers.wasm");
const bytes = readFileSync(fileURLToPath(file));
// The glue looks whether it was given one, and in Node the first look loads all of `fetch`.
void globalThis.Response;
const begin = performance.now();
const module = new WebAssembly.Module(bytes);
const compiled = performance.now();
await init(module);
const ready = performance.now();
console.log(JSON.stringify({ compile: compiled - begin, instantiate: ready - compiled }));
process.exit(0);
