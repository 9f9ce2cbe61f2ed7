// Vercel's Edge runtime, with a bundled program in it.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { EdgeVM } from "@edge-runtime/vm";

/**
 * Evaluates a bundle; returns the globals, among which is what the program has put there.
 *
 * @param {string} bundle its path
 */
export async function edgeOf(bundle) {
  // Code from text is refused there, and so it is here: `eval`, and WebAssembly from bytes.
  const vm = new EdgeVM({ codeGeneration: { strings: false, wasm: false } });
  const code = await readFile(bundle, "utf8");

  // The runtime has no modules. Vercel compiles each file that is imported as
  // `….wasm?module` when it deploys, and hands the compiled module in.
  const modules = new Map();
  for (const [, path] of code.matchAll(/require\("(\S+?\.wasm)\?module"\)/g)) {
    const bytes = await readFile(resolve(bundle, "..", path));
    modules.set(`${path}?module`, await WebAssembly.compile(bytes));
  }
  const require = (path) => {
    if (!modules.has(path)) throw new Error(`there is no module ${path}`);
    return modules.get(path);
  };
  vm.evaluate(`(require, module) => {${code}\n}`)(require, {});
  return vm.context;
}
