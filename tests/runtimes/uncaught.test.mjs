// What Node prints of an error that a program does not catch: the line that it comes from, the message
// and a stack that names functions, by each entry of the package.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { before, describe, it } from "node:test";
import { execute, node, NODE_MAJORS } from "./programs.mjs";

const folder = `${process.env.CONSUMER}/uncaught`;

const IMPORT = 'const { CustomersApi } = await import("synctera-customers");';
const REQUIRE = 'const { CustomersApi } = require("synctera-customers");';

/** How a program gets the package: the start of its text, and flags. */
const ENTRIES = {
  import: { file: "import.mjs", text: IMPORT },
  "import, the entry of other runtimes": { file: "import.mjs", text: IMPORT, flags: ["--conditions=deno"] },
  require: { file: "require.cjs", text: REQUIRE },
  "require of CommonJS": { file: "require.cjs", text: REQUIRE, flags: ["--no-experimental-require-module"], since: 22 },
  slim: {
    file: "slim.mjs",
    text: `import { readFile } from "node:fs/promises";
const { CustomersApi, init } = await import("synctera-customers/slim");
await init(readFile(new URL(import.meta.resolve("synctera-customers/synctera_customers.wasm"))));`,
  },
};

/** What a program does, how the error begins, and what its stack names. `ahead` goes before the import. */
const ERRORS = {
  "a constructor's": {
    text: "function connect() { return new CustomersApi({}); }\nconnect();",
    begins: "ValidationError: new CustomersApi: accessToken is missing",
    names: ["new CustomersApi", "connect"],
  },
  "that of an argument": {
    text: 'const api = new CustomersApi({ accessToken: "t" });\nfunction show() { return api.getCustomer(5); }\nshow();',
    begins: "ValidationError: getCustomer: customerId: number",
    names: ["CustomersApi.getCustomer", "show"],
  },
  "that of a failed call": {
    text: `const fetch = async () => new Response("{}", { status: 404 });
new CustomersApi({ accessToken: "t", fetch }).getCustomer("a");`,
    begins: "ApiError: getCustomer failed: 404",
    names: ["CustomersApi.getCustomer"],
  },
  "that of an import without WebAssembly": {
    ahead: "delete WebAssembly.Module;\ndelete WebAssembly.instantiate;",
    text: "",
    begins: "TypeError: ",
    names: [],
  },
};

before(() => mkdir(folder, { recursive: true }));

/** What Node prints of a program that ends with an uncaught error. */
async function printed(program, file, flags, text) {
  const path = `${folder}/${file}`;
  await writeFile(path, text);
  const { code, stderr } = await execute(program, [...flags, path], folder, {}).catch((error) => error);
  assert.equal(code, 1, stderr);
  return stderr;
}

for (const major of NODE_MAJORS) {
  describe(`Node ${major} prints a line of code, the message and a stack that names functions`, { concurrency: 2 }, () => {
    for (const [entry, { file, text, flags = [], since = 0 }] of Object.entries(ENTRIES)) {
      if (major < since) continue;
      for (const [what, error] of Object.entries(ERRORS)) {
        it(`of an uncaught error, ${what}: ${entry}`, async () => {
          const name = `${major} ${entry} ${what}`.replaceAll(/\W/g, "-");
          const program = [error.ahead, text, error.text].join("\n");
          const shown = await printed(node(major), `${name}-${file}`, flags, program);
          const start = shown.indexOf(error.begins);
          assert.ok(start >= 0 && start < 500, shown.slice(0, 2_000));
          assert.ok(shown.length < 5_000, shown.slice(0, 10_000));
          for (const name of error.names) assert.match(shown, new RegExp(`^    at ${name} \\(`, "m"));
        });
      }
    }
  });
}
