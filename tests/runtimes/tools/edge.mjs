// Runs a bundled program in Vercel's Edge runtime and prints the story's results.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { EdgeVM } from "@edge-runtime/vm";

const { BASE_URL, BUNDLE, TOKEN } = process.env;

// Code from text is refused there, and so it is here: `eval`, and WebAssembly from bytes.
const vm = new EdgeVM({ codeGeneration: { strings: false, wasm: false } });

// The runtime has no modules of its own. Vercel compiles each file that is imported as
// `….wasm?module` when it deploys, and hands the compiled module in.
const modules = new Map();
for (const [, path] of (await readFile(BUNDLE, "utf8")).matchAll(/require\("(\S+?\.wasm)\?module"\)/g)) {
  const bytes = await readFile(resolve(BUNDLE, "..", path));
  modules.set(`${path}?module`, await WebAssembly.compile(bytes));
}
const require = (path) => {
  if (!modules.has(path)) throw new Error(`there is no module ${path}`);
  return modules.get(path);
};

vm.evaluate("(require, module) => {" + (await readFile(BUNDLE, "utf8")) + "\n}")(require, {});
console.log(await vm.context.runStory({ baseUrl: BASE_URL, token: TOKEN }));
