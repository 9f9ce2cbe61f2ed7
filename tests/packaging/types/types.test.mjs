// Every type checker accepts the installed package and a program that uses all of it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { describe, it } from "node:test";
import { examples } from "../examples.mjs";
import { HOSTS, ROWS } from "../types.mjs";

const consumer = process.env.CONSUMER;
const text = (file) => readFile(`${consumer}/node_modules/synctera-customers/${file}`, "utf8");

describe("the declarations compile, with strict and without skipLibCheck", { concurrency: availableParallelism() }, () => {
  for (const { name, run } of ROWS) {
    it(`with ${name}`, async () => {
      for (const { ok, detail } of await run({ consumer })) assert.ok(ok, detail);
    });
  }
});

describe("the programs that are compiled", () => {
  it("use every name that the package exports", async () => {
    const program = await readFile(new URL("../programs/everything.ts", import.meta.url), "utf8");
    const declared = (await text("dist/index.d.ts")).matchAll(/^export (?:class|interface|type|function|const) (\w+)/gm);
    const names = new Set([...declared].map(([, name]) => name));
    assert.ok(names.size > 20, `only ${names.size} names are declared`);
    for (const name of names) assert.match(program, new RegExp(`\\b${name}\\b`), name);
  });

  it("use every member of the errors, of a customer and of what comes with it", async () => {
    const program = await readFile(new URL("../programs/everything.ts", import.meta.url), "utf8");
    const members = (await text("dist/index.d.ts")).matchAll(/^ {4}(?:readonly )?(\w+)\??[:(]/gm);
    const unused = [...new Set([...members].map(([, name]) => name))].filter(
      (name) => name !== "constructor" && !new RegExp(`\\b${name}\\b`).test(program),
    );
    assert.deepEqual(unused, []);
  });

  it("include every TypeScript example of the READMEs, with one host at least", async () => {
    const all = await examples([]);
    assert.ok(all.length > 0, "there are no examples");
    const compiled = new Set();
    for (const host of HOSTS) for (const { name } of await examples(host.lacks)) compiled.add(name);
    assert.deepEqual(all.map(({ name }) => name).filter((name) => !compiled.has(name)), []);
  });
});

describe("the declarations", () => {
  for (const file of ["dist/index.d.ts", "dist/index.d.cts", "entries/slim.d.ts"]) {
    // Each of these would add to every program that merely imports the package.
    it(`bring nothing global along in ${file}`, async () => {
      assert.doesNotMatch(await text(file), /\/\/\/ *<reference|declare global|declare module/);
    });
  }
});
