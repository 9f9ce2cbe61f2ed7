// The first hour in Vitest.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TSC, createProject, run, tool } from "./project.mjs";

describe("a test in Vitest", () => {
  it("compiles in strict TypeScript and passes", async () => {
    const folder = await createProject("vitest", ["vitest", "vite"]);
    const compiled = await run(folder, process.execPath, [TSC, "--project", "."]);
    assert.equal(compiled.printed, "");
    const { code, printed } = await run(folder, process.execPath, [tool("vitest", "vitest.mjs"), "run", "--reporter=verbose"]);
    assert.equal(code, 0, printed);
    assert.match(printed, /3 passed/);
  });
});
