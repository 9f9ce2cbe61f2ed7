// The canaries in the Node that runs the tests; runtimes/ has the others.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { canaryNames, findCanaries } from "./canary.js";
import { CustomersApi } from "./harness.mjs";

const views = {
  "util.inspect": (value) => inspect(value),
  "util.inspect of everything": (value) => inspect(value, { depth: Infinity, showHidden: true }),
  "util.inspect without its own form": (value) => inspect(value, { depth: Infinity, showHidden: true, customInspect: false }),
  "util.inspect of what it is in": (value) => inspect({ list: [value], map: new Map([[value, value]]) }, { depth: Infinity }),
};
const results = await findCanaries({ CustomersApi, views });

describe("in Node", () => {
  for (const { name, ok, detail } of results) it(name, () => assert.ok(ok, detail));
  it("these were looked at, and no others", () => {
    assert.deepEqual(results.map(({ name }) => name), canaryNames(Object.keys(views)));
  });
});
