// What the packed package holds and exports, looked at from where it is installed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { describe, it } from "node:test";
import { build } from "esbuild";

const NAME = "synctera-customers";
const CONSUMER = process.env.CONSUMER;
const INSTALLED = `${CONSUMER}/node_modules/${NAME}`;

/** What `import` and `require` give. */
const EXPORTS = [
  "AbortError",
  "ApiError",
  "ConnectionError",
  "CustomersApi",
  "DecodeError",
  "SyncteraError",
  "ThrottleError",
  "TimeoutError",
  "TokenError",
  "ValidationError",
  "isProspect",
  "isSyncteraError",
  "validateCustomer",
  "validatePatch",
];

/** The entry file that each set of conditions must lead to. */
const RESOLUTION = [
  { conditions: ["workerd", "worker", "browser", "import"], file: "entries/workerd.js" },
  { conditions: ["edge-light", "import"], file: "entries/edge-light.js" },
  { conditions: ["deno", "node", "import"], file: "entries/default.js" },
  { conditions: ["bun", "node", "import"], file: "entries/default.js" },
  { conditions: ["bun", "node", "require"], file: "entries/default.js" },
  // Jest, whose every environment has the condition of Node as well.
  { conditions: ["require", "node", "default", "browser"], file: "entries/default.cjs" },
  { conditions: ["require", "node", "default", "edge", "edge-light"], file: "entries/default.cjs" },
  { conditions: ["node", "module-sync", "import"], file: "entries/node.js" },
  { conditions: ["node", "module-sync", "require"], file: "entries/node.cjs" },
  { conditions: ["node", "module", "require"], file: "entries/node.cjs" },
  { conditions: ["node", "import"], file: "entries/node.js" },
  { conditions: ["node", "require"], file: "entries/node.cjs" },
  { conditions: ["browser", "import"], file: "entries/default.js" },
  { conditions: ["browser", "require"], file: "entries/default.cjs" },
  { conditions: ["import"], file: "entries/default.js" },
  { conditions: ["require"], file: "entries/default.cjs" },
  { conditions: ["types", "import"], file: "dist/index.d.ts" },
  { conditions: ["types", "node", "require"], file: "dist/index.d.cts" },
];

const manifest = JSON.parse(text("package.json"));

function text(file) {
  return readFileSync(`${INSTALLED}/${file}`, "utf8");
}

/** Follows `exports` as Node does: the first condition that holds, in the order of the manifest. */
function resolve(target, conditions) {
  if (typeof target === "string") return target.replace("./", "");
  for (const [condition, next] of Object.entries(target)) {
    if (condition === "default" || conditions.includes(condition)) {
      const found = resolve(next, conditions);
      if (found) return found;
    }
  }
  return undefined;
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`.slice(INSTALLED.length + 1));
}

/** All the files that a target of `exports` names. */
function targets(target) {
  return typeof target === "string" ? [target.replace("./", "")] : Object.values(target).flatMap(targets);
}

describe("the packed package", () => {
  it("has the version of the crate", () => {
    assert.equal(manifest.version, process.env.PACKAGE_VERSION);
  });

  it("holds exactly the files that it lists, and no file goes unlisted", () => {
    assert.deepEqual(filesBelow(INSTALLED).sort(), [...manifest.files, "package.json"].sort());
  });

  it("needs no other package and runs no script on installation", () => {
    for (const member of ["dependencies", "peerDependencies", "optionalDependencies", "scripts"]) {
      assert.equal(manifest[member], undefined, member);
    }
  });

  it("exports only files that it holds", () => {
    for (const file of [manifest.main, manifest.module, manifest.types, manifest.exports].flatMap(targets)) {
      assert.ok(existsSync(`${INSTALLED}/${file}`), file);
    }
  });

  for (const { conditions, file } of RESOLUTION) {
    it(`leads ${conditions.join(" + ")} to ${file}`, () => {
      assert.equal(resolve(manifest.exports["."], conditions), file);
    });
  }

  for (const file of filesBelow(`${INSTALLED}/entries`).filter((file) => /\.c?js$/.test(file))) {
    it(`has no fetch, file access, top-level await or import.meta in ${file}`, () => {
      // The one that has a journal in a file asks the process for it, when it is used.
      const code = text(file).replace(/^\s*\/\/.*$/gm, "").replace('nodeModule("node:fs")', "");
      assert.doesNotMatch(code, /\bfetch\s*\(|["'](node:)?fs["']|^await\b|\bimport\.meta\b/m);
    });
  }

  it("names none of its files by URL, which a bundler would follow", () => {
    assert.deepEqual(text("dist/core.js").match(/new URL\(|import\.meta/), null);
  });

  it("holds nothing of the machine that built it", () => {
    const wasm = readFileSync(`${INSTALLED}/dist/synctera_customers.wasm`, "latin1");
    for (const content of [wasm, text("dist/core.js"), text("dist/core.cjs"), text("dist/core-browser.cjs")]) {
      assert.deepEqual(content.match(/\/(root|home|Users|tmp)\/[^\0"']{0,80}/), null);
    }
  });

  it("carries in every copy the same WebAssembly module", async () => {
    const wasm = readFileSync(`${INSTALLED}/dist/synctera_customers.wasm`);
    const require = createRequire(import.meta.url);
    const inBase64 = require(`${INSTALLED}/dist/wasm-base64.cjs`);
    const { default: inEsm } = await import(pathToFileURL(`${INSTALLED}/dist/wasm-text.js`));
    const inCjs = require(`${INSTALLED}/dist/wasm-text.cjs`);
    const { decode } = await import(pathToFileURL(`${INSTALLED}/dist/core.js`));
    assert.ok(Buffer.from(inBase64, "base64").equals(wasm));
    assert.ok(Buffer.from(decode(inEsm)).equals(wasm));
    assert.deepEqual(inCjs, inEsm);
  });
});

describe("its exports", () => {
  const node = (code, ...flags) =>
    JSON.parse(execFileSync(process.execPath, [...flags, "-e", code], { cwd: CONSUMER, encoding: "utf8" }));

  it("are the same by require and by import, and of one instance", () => {
    const result = node(
      `const cjs = require("${NAME}");
       import("${NAME}").then((esm) => {
         const same = Object.keys(cjs).every((name) => cjs[name] === esm[name]);
         console.log(JSON.stringify({ cjs: Object.keys(cjs).sort(), esm: Object.keys(esm).sort(), same }));
       });`,
    );
    assert.deepEqual(result, { cjs: EXPORTS, esm: EXPORTS, same: true });
  });

  it("are the same from the entry of browsers and other runtimes", () => {
    const result = node(
      `import("${NAME}").then((m) => {
         new m.CustomersApi({ accessToken: "t" });
         console.log(JSON.stringify(Object.keys(m).sort()));
       });`,
      "--conditions=deno",
    );
    assert.deepEqual(result, EXPORTS);
  });

  for (const entry of ["default", "edge-light", "node", "workerd"]) {
    it(`are all bound in entries/${entry}.js`, () => {
      const list = /export const \{([^}]*)\}/.exec(text(`entries/${entry}.js`));
      assert.ok(list, "has one list of exports");
      assert.deepEqual(list[1].match(/\w+/g).sort(), EXPORTS);
    });
  }

  it("of slim are the same and init", () => {
    const result = node(`import("${NAME}/slim").then((m) => console.log(JSON.stringify(Object.keys(m).sort())));`);
    assert.deepEqual(result, [...EXPORTS, "init"].sort());
  });

  it("of slim name the missing init to a caller who has not awaited it", () => {
    const result = node(
      `import("${NAME}/slim").then((m) => {
         try { new m.CustomersApi({ accessToken: "t" }); } catch (error) { console.log(JSON.stringify(error.message)); }
       });`,
    );
    assert.match(result, /await init/);
  });

  it("of slim can be initialised again after a failure", () => {
    const result = node(
      `const wasm = require("node:fs").readFileSync(require.resolve("${NAME}/synctera_customers.wasm"));
       import("${NAME}/slim").then(async (m) => {
         const failed = await m.init(Promise.reject(new Error("offline"))).catch((error) => error.message);
         await Promise.all([m.init(wasm), m.init(wasm)]);
         const api = new m.CustomersApi({ accessToken: "t" });
         console.log(JSON.stringify([failed, api instanceof m.CustomersApi, m.CustomersApi.name]));
       });`,
    );
    assert.deepEqual(result, ["offline", true, "CustomersApi"]);
  });
});

describe("its types", () => {
  for (const file of ["dist/index.d.ts", "dist/index.d.cts"]) {
    it(`declare in ${file} the class and not how its module is loaded`, () => {
      assert.ok(/export class CustomersApi\b/.test(text(file)));
      assert.deepEqual(text(file).match(/InitInput|InitOutput|initSync|__wbg|__wbindgen|WebAssembly/), null);
    });

    it(`declare in ${file} all that is exported`, () => {
      for (const name of EXPORTS) {
        assert.ok(new RegExp(`export (declare )?(class|function|const) ${name}\\b`).test(text(file)), name);
      }
    });
  }

  it("declare for each of the five operations a method, also with HTTP information", () => {
    for (const method of ["createCustomer", "getCustomer", "listCustomers", "patchCustomer", "updateCustomer"]) {
      for (const name of [method, `${method}WithHttpInfo`]) {
        const typed = new RegExp(`^\\s+${name}\\(.*\\): Promise<(?!any>)`, "m");
        assert.ok(typed.test(text("dist/index.d.ts")), name);
      }
    }
  });
});

describe("bundled by esbuild", () => {
  const bundle = async (contents, options = {}) => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: CONSUMER },
      bundle: true,
      write: false,
      minify: true,
      format: "esm",
      logLevel: "silent",
      ...options,
    });
    return outputFiles;
  };

  it("is one file that works when it is loaded, with nothing set", async () => {
    const files = await bundle(
      `import { CustomersApi, ValidationError } from "${NAME}";
       export const constructed = new CustomersApi({ accessToken: "t" }).constructor === CustomersApi;
       try { new CustomersApi({}) } catch (error) { globalThis.caught = error }
       export const caught = [globalThis.caught.name, globalThis.caught instanceof ValidationError];`,
    );
    assert.equal(files.length, 1);
    const file = `${CONSUMER}/bundle.mjs`;
    writeFileSync(file, files[0].contents);
    const { constructed, caught } = await import(pathToFileURL(file));
    assert.equal(constructed, true);
    assert.deepEqual(caught, ["ValidationError", true]);
  });

  it("leaves nothing behind when it is imported and not used", async () => {
    const [{ contents }] = await bundle(`import { CustomersApi } from "${NAME}"; console.log(1);`);
    assert.ok(contents.length < 100, `${contents.length} bytes are left`);
  });

  it("takes the guards alone from slim without the class", async () => {
    const [{ contents }] = await bundle(
      `import { isSyncteraError } from "${NAME}/slim"; console.log(isSyncteraError({}));`,
    );
    assert.ok(contents.length < 60_000, `${contents.length} bytes`);
  });
});

describe("what the documentation promises", () => {
  it("is written in a README that names the package and says that it is unofficial", () => {
    assert.match(text("README.md"), /synctera-customers/);
    assert.match(text("README.md"), /unofficial/i);
  });

  it("is licensed under both licences, whose texts are there", () => {
    assert.equal(manifest.license, "MIT OR Apache-2.0");
    assert.match(text("LICENSE-MIT"), /MIT License/);
    assert.match(text("LICENSE-APACHE"), /Apache License/);
  });
});
