// docs/security.md says which test proves each promise: they exist.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path) => readFile(root + path, "utf8");
const document = await read("docs/security.md");

/** The rows of the tables whose second column says what proves the first. */
const promises = document
  .split("\n\n")
  .filter((part) => part.startsWith("| promise | proven by |"))
  .flatMap((table) => table.split("\n").slice(2))
  .map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));

/** The tests that a text names, with their files: `[file](../path) “name”, “name”; [file]…`. */
function testsIn(text) {
  return [...text.matchAll(/\]\(\.\.\/([^)]+)\)((?:[ ,]+“[^”]+”)+)/g)].flatMap(([, path, names]) =>
    [...names.matchAll(/“([^”]+)”/g)].map(([, name]) => ({ path, name })),
  );
}

describe("docs/security.md", () => {
  it("has its promises in tables", () => assert.ok(promises.length > 20));

  for (const [promise, proof] of promises) {
    it(`names tests that exist: ${promise}`, async () => {
      const tests = testsIn(proof);
      assert.equal(tests.length, (proof.match(/“/g) ?? []).length, "each test stands behind its file");
      assert.ok(tests.length > 0, "a promise needs a test");
      for (const { path, name } of tests) {
        const text = await read(path);
        const wanted = path.endsWith(".rs") ? `fn ${name}(` : name;
        assert.ok(text.includes(wanted), `${path} has no “${name}”`);
      }
    });
  }

  it("names groups of tests that exist", async () => {
    const groups = await read("xtask/src/test/groups.rs");
    const named = [...document.matchAll(/`cargo xtask test ([\w-]+)`/g)].map(([, name]) => name);
    assert.ok(named.length > 3);
    for (const name of named) assert.ok(groups.includes(`name: "${name}"`), name);
  });

  it("leaves none of the files of tests here out", async () => {
    const files = [...(await readdir(`${root}tests/security`)), ...(await readdir(`${root}tests/security/runtimes`))];
    for (const file of files.filter((name) => name.endsWith(".test.mjs"))) {
      const isOwn = ["promises.test.mjs", "canary.test.mjs"].includes(file);
      assert.ok(isOwn || document.includes(file), file);
    }
  });
});
