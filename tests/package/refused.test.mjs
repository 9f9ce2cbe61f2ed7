// A host that does not compile the module: the import throws an error that says what to do.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";

const throwing = (error) => `WebAssembly.Module = WebAssembly.compile = function () { throw ${error}; };`;

/** The words of Chromium 109, of Chromium 92 and of Firefox 140. */
const ON_THE_MAIN_THREAD =
  "new RangeError('WebAssembly.Compile is disallowed on the main thread, if the buffer size is larger than 4KB. Use WebAssembly.compile, or compile on a worker thread.')";
const OF_92 = "new WebAssembly.CompileError(\"invalid value type 'externref', enable with --experimental-wasm-reftypes @+54\")";
const BY_POLICY = "new WebAssembly.CompileError('call to WebAssembly.Module() blocked by CSP')";

const CASES = [
  { name: "has no WebAssembly", flags: ["--jitless"], says: /^SyncteraError: .*no WebAssembly here.* Make the calls on a server\.$/ },
  { name: "compiles small modules only", before: throwing(ON_THE_MAIN_THREAD), says: /^SyncteraError: .*Import synctera-customers\/slim, or update it\.$/ },
  { name: "has a policy against it", before: throwing(BY_POLICY), says: /^SyncteraError: .*Allow 'wasm-unsafe-eval' in its script-src\.$/ },
  { name: "is too old", before: throwing(OF_92), says: /^SyncteraError: .*is too old.* Update it\.$/ },
  { name: "fails in another way, whose error passes unchanged", before: throwing("new TypeError('as it is')"), says: /^TypeError: as it is$/ },
];

const LOADS = {
  import: "import('synctera-customers')",
  require: "(async () => (await import('node:module')).createRequire(import.meta.url)('synctera-customers'))()",
};

/** What the loading of the package throws in a new process. */
async function thrown(load, { flags = [], before = "" }) {
  const program = `${before} ${load}.catch(({ name, message }) => console.log(\`\${name}: \${message}\`));`;
  const options = { cwd: process.env.CONSUMER };
  const run = promisify(execFile)(process.execPath, [...flags, "--input-type=module", "--eval", program], options);
  // Node 20 also takes for uncaught what a CommonJS file threw that was imported.
  const { stdout } = await run.catch((error) => error);
  return stdout.trim();
}

describe("where a host", () => {
  for (const { name, says, ...host } of CASES) {
    for (const [how, load] of Object.entries(LOADS)) {
      it(`${name}, by ${how}`, async () => assert.match(await thrown(load, host), says));
    }
  }
});

describe("where a host has a policy against it, the slim entry", () => {
  it("says so when it is given the module", async () => {
    const init = "import('synctera-customers/slim').then(({ init }) => init(new Uint8Array(8)))";
    // Node itself compiles larger ones.
    const before = `const { instantiate } = WebAssembly;
      WebAssembly.instantiate = (module, ...rest) => {
        if (module.length === 8) throw ${BY_POLICY};
        return instantiate(module, ...rest);
      };`;
    assert.match(await thrown(init, { before }), /^SyncteraError: .*Allow 'wasm-unsafe-eval'/);
  });
});
