// Each form of a text as JavaScript reads it; `tests/contract/forms.rs` goes through the same table
// as Rust reads it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { typeOf } from "../../src/host/shape.js";
import { rules } from "./host.mjs";

const table = JSON.parse(readFileSync(new URL("forms.json", import.meta.url), "utf8"));

describe("a form", () => {
  for (const [name, { fit, unfit }] of Object.entries(table)) {
    it(`${name} takes what it is meant for and nothing else`, () => {
      const { test } = typeOf(name);
      for (const text of fit) assert.ok(test.test(text), `refuses ${JSON.stringify(text)}`);
      for (const text of unfit) assert.ok(!test.test(text), `takes ${JSON.stringify(text)}`);
    });
  }

  it("that the rules have is in the table", () => {
    const forms = rules.split("\n").filter((line) => /^[tf]\w+\t[^\t]/.test(line));
    assert.deepEqual(forms.map((line) => /\w+/.exec(line.slice(1))[0]).sort(), Object.keys(table).sort());
  });
});
