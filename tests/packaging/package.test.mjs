// The package and the crate as their registries would get them, judged by the tools that exist for it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { after, before, describe, it } from "node:test";
import { denoProgram } from "./types.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TOOLS = fileURLToPath(new URL("node_modules", import.meta.url));
const INSTALLED = `${process.env.CONSUMER}/node_modules/synctera-customers`;

/** What npm gets. A file that is new must be meant. */
const NPM_FILES = [
  "LICENSE-APACHE",
  "LICENSE-MIT",
  "README.md",
  "dist/THIRD-PARTY.txt",
  "dist/bulk.cjs",
  "dist/bulk.d.cts",
  "dist/cli.js",
  "dist/core-browser.cjs",
  "dist/core.cjs",
  "dist/core.js",
  "dist/index.d.cts",
  "dist/index.d.ts",
  "dist/sbom.cdx.json",
  "dist/synctera_customers.wasm",
  "dist/testing.cjs",
  "dist/testing.d.cts",
  "dist/wasm-base64.cjs",
  "dist/wasm-text.cjs",
  "dist/wasm-text.js",
  "dist/webhooks.cjs",
  "dist/webhooks.d.cts",
  "entries/bulk.d.ts",
  "entries/bulk.js",
  "entries/default.cjs",
  "entries/default.js",
  "entries/edge-light.js",
  "entries/node.cjs",
  "entries/node.js",
  "entries/slim.d.ts",
  "entries/slim.js",
  "entries/testing.d.ts",
  "entries/testing.js",
  "entries/webhooks.d.ts",
  "entries/webhooks.js",
  "entries/workerd.js",
  "package.json",
];

/** What JSR gets: it has no conditions and no CommonJS, so the entry that needs nothing, and slim. */
const JSR_FILES = [
  "LICENSE-APACHE",
  "LICENSE-MIT",
  "README.md",
  "dist/core.js",
  "dist/index.d.ts",
  "dist/sbom.cdx.json",
  "dist/synctera_customers.wasm",
  "dist/wasm-text.js",
  "entries/bulk.d.ts",
  "entries/bulk.js",
  "entries/default.js",
  "entries/slim.d.ts",
  "entries/slim.js",
  "entries/webhooks.d.ts",
  "entries/webhooks.js",
  "jsr.json",
];

/** What crates.io gets: sources, and what explains them. */
const CRATE_FILES = [
  /^src\/.+\.(rs|js)$/,
  /^contract\/(BEHAVIOUR\.md|customers\.openapi\.yaml)$/,
  /^pkg\/LICENSE-(APACHE|MIT)$/,
  /^(CHANGELOG|README)\.md$/,
  // Cargo's own.
  /^(\.cargo_vcs_info\.json|Cargo\.(lock|toml|toml\.orig))$/,
];

/**
 * What "Are the types wrong?" is asked of each entry. `.` must be right for everyone. `slim` is for
 * those who load WebAssembly themselves, and a module only: `esm-only` leaves out `require()` and
 * TypeScript's resolution of before `exports`. The .wasm has no types, on purpose: what importing
 * it gives (a module, a URL, bytes) is the bundler's choice.
 */
const TYPES = [
  { entry: ".", profile: "strict" },
  { entry: "slim", profile: "esm-only" },
  { entry: "bulk", profile: "strict" },
  { entry: "testing", profile: "strict" },
  { entry: "webhooks", profile: "strict" },
];

/** Where builders have their files, and where these came from. */
const BUILDERS = [
  /\/(root|home|Users|tmp|work|build|builds|github|runner)\/[^\0"'`\s]{0,80}/,
  /[A-Z]:\\Users\\/,
  /\.cargo\/|\.rustup\/|registry\/src\//,
  /[\w.-]*\b(crates\.io|npmjs\.\w+|pypi\.org)\b/,
  ...[homedir(), ROOT, tmpdir(), process.env.CARGO_HOME, process.env.CARGO_TARGET_DIR].filter(Boolean).map(literally),
];

function literally(path) {
  return new RegExp(path.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
}

/** Runs a program to its end: whether it was content, and all it printed. */
function run(program, args, options = {}) {
  const settings = { timeout: 900_000, maxBuffer: 1 << 26, cwd: ROOT, ...options };
  settings.env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", ...options.env };
  return new Promise((resolve) => {
    execFile(program, args, settings, (error, stdout, stderr) => {
      resolve({ ok: error === null, stdout, text: `${stdout}${stderr}` || String(error) });
    });
  });
}

const npm = (args, cwd) => run("npm", [...args, "--loglevel=notice"], { cwd });
/** In the project's own folder: in one below the package, cargo would compile all dependencies again. */
const CARGO_TARGET_DIR = process.env.CARGO_TARGET_DIR ?? `${ROOT}/target`;
const cargo = (args) =>
  run(process.env.CARGO ?? "cargo", [...args, "--allow-dirty", "--package", "synctera-customers"], {
    env: { CARGO_TARGET_DIR },
  });

/** npm's list of one package: an array up to npm 11, an object by name since. */
function packed(json) {
  const printed = JSON.parse(json);
  return printed[0] ?? printed["synctera-customers"];
}

let folder;
before(async () => {
  folder = await mkdtemp(`${tmpdir()}/packaging-`);
});
after(() => rm(folder, { recursive: true, force: true }));

describe("the npm package", () => {
  let tarball;
  before(async () => {
    const { ok, stdout, text } = await npm(["pack", "--json", "--pack-destination", folder], INSTALLED);
    assert.ok(ok, text);
    tarball = `${folder}/${packed(stdout).filename}`;
  });

  it("is packed with exactly the files that are meant", async () => {
    const { ok, stdout, text } = await npm(["pack", "--dry-run", "--json"], `${ROOT}/pkg`);
    assert.ok(ok, text);
    assert.deepEqual(packed(stdout).files.map(({ path }) => path).sort(), NPM_FILES);
  });

  it("would be published, and npm corrects nothing in its manifest", async () => {
    const { ok, text } = await npm(["publish", "--dry-run"], `${ROOT}/pkg`);
    assert.ok(ok, text);
    const warnings = text.split("\n").filter((line) => /^npm warn/.test(line) && !line.includes("logged in"));
    assert.deepEqual(warnings, []);
  });

  it("depends on nothing and runs nothing when it is installed", async () => {
    const manifest = JSON.parse(await readFile(`${INSTALLED}/package.json`, "utf8"));
    const allowed = new Set(["name", "version", "description", "keywords", "license", "type", "sideEffects",
      "engines", "bin", "main", "module", "types", "typesVersions", "exports", "files",
      "author", "homepage", "repository", "bugs", "funding"]);
    assert.deepEqual(Object.keys(manifest).filter((key) => !allowed.has(key)), []);
    assert.ok(!NPM_FILES.includes("binding.gyp"), "npm would run node-gyp");
  });

  for (const { entry, profile } of TYPES) {
    it(`has the right types for ${entry}, as "Are the types wrong?" sees it`, async () => {
      const attw = `${TOOLS}/@arethetypeswrong/cli/dist/index.js`;
      const args = [attw, tarball, "--entrypoints", entry, "--profile", profile, "--no-definitely-typed", "--no-emoji"];
      const { ok, text } = await run(process.execPath, args);
      assert.ok(ok, text);
      assert.match(text, /node16 \(from ESM\) │ OK \(ESM\)/, "the entry was not looked at");
    });
  }

  it("leaves publint nothing to say, not even a suggestion", async () => {
    const { ok, text } = await run(process.execPath, [`${TOOLS}/publint/src/cli.js`, "run", tarball, "--strict"]);
    assert.ok(ok, text);
    assert.match(text, /All good!/);
  });

  it("names in no file, the inlined module included, a path of the machine that built it, nor a registry", async () => {
    const { decode } = await import(`${INSTALLED}/dist/core.js`);
    for (const file of await readdir(INSTALLED, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const bytes = await readFile(`${file.parentPath ?? file.path}/${file.name}`);
      const parts = file.name.startsWith("wasm-text.") && /\[.+\]/.exec(bytes.toString())[0];
      const content = Buffer.from(parts ? decode(JSON.parse(parts)) : bytes).toString("latin1");
      for (const path of BUILDERS) assert.equal(content.match(path)?.[0], undefined, file.name);
    }
  });
});

describe("the JSR package", () => {
  it("has the version, the licence and the entries of npm's", async () => {
    const jsr = JSON.parse(await readFile(`${ROOT}/pkg/jsr.json`, "utf8"));
    const manifest = JSON.parse(await readFile(`${ROOT}/pkg/package.json`, "utf8"));
    assert.equal(jsr.version, manifest.version);
    assert.equal(jsr.license, manifest.license);
    const { ".": main, "./bulk": bulk, "./slim": slim, "./webhooks": webhooks } = manifest.exports;
    const entries = { ".": main.default, "./bulk": bulk.default, "./slim": slim.default, "./webhooks": webhooks.default };
    assert.deepEqual(jsr.exports, entries);
  });

  it("would be published with exactly the files that are meant, and Deno warns of nothing", async () => {
    const env = { DENO_DIR: `${folder}/deno`, DENO_NO_UPDATE_CHECK: "1" };
    const options = { cwd: `${ROOT}/pkg`, env };
    const { ok, text } = await run(denoProgram(), ["publish", "--dry-run", "--allow-dirty"], options);
    assert.ok(ok, text);
    // The folder's own name may be one of these words.
    assert.doesNotMatch(text.replaceAll(/file:\S+/g, ""), /warning|error/i);
    const files = [...text.matchAll(/file:\/\/\S*\/pkg\/(\S+) \(/g)].map(([, file]) => file);
    assert.deepEqual(files.sort(), JSR_FILES);
  });
});

describe("the crate", () => {
  it("is packaged with its sources and what explains them, and nothing else", async () => {
    const { ok, stdout, text } = await cargo(["package", "--list"]);
    assert.ok(ok, text);
    const files = stdout.trim().split("\n").map((file) => file.replaceAll("\\", "/"));
    const unmeant = files.filter((file) => !CRATE_FILES.some((meant) => meant.test(file)));
    assert.deepEqual(unmeant.slice(0, 10), [], `${unmeant.length} files`);
    for (const file of ["src/lib.rs", "src/js/exchange.js", "README.md", "pkg/LICENSE-MIT"]) {
      assert.ok(files.includes(file), `${file} is missing`);
    }
  });

  it("would be published: it builds from its package alone", async () => {
    const { ok, text } = await cargo(["publish", "--dry-run"]);
    assert.ok(ok, text);
  });
});
