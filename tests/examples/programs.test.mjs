// The examples that are no servers.
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { before, describe, it } from "node:test";
import { DENO, node } from "../runtimes/programs.mjs";
import { createExample, pinned, run } from "./example.mjs";

describe("examples/node-script", () => {
  let folder;
  before(async () => (folder = await createExample("node-script")));

  for (const [runtime, commandLine, program] of [
    ["Node 24, which runs TypeScript", "npm start", node(24)],
    ["this Node, once it is compiled", "npm run start:compiled", process.execPath],
  ]) {
    it(`lists, creates once and shows what to correct in ${runtime}`, async () => {
      await run(folder, "npm run build");
      const PATH = `${folder}/node_modules/.bin:${dirname(program)}:${process.env.PATH}`;
      const printed = await run(folder, commandLine, { PATH });
      const value = (label) => new RegExp(`^${label}: (.*)$`, "m").exec(printed)?.[1];
      assert.match(value("customers by status"), /ACTIVE: \d+/, printed);
      assert.match(value("created"), /^\{ done: '[\w-]{36}' \}$/);
      assert.equal(value("repeated"), value("created"));
      assert.match(printed, /born tomorrow: \{\s+correct: .*400 BAD_REQUEST_BODY; invalid: dob/);
      assert.match(printed, /misspelt phone number: \{\s+correct: .*customer\.phone_number/);
    });
  }
});

describe("examples/deno", () => {
  let folder;
  before(async () => (folder = await createExample("deno")));
  const deno = (...args) =>
    run(folder, [DENO, ...args].join(" "), {
      PATH: `${dirname(DENO)}:${process.env.PATH}`,
      DENO_DIR: `${folder}/.deno`,
      DENO_NO_UPDATE_CHECK: "1",
    });

  it("is accepted by deno check", () => deno("task", "check"));

  it("creates and reads a customer, and shows which statuses are accepted", async () => {
    const printed = await deno("task", "start");
    assert.match(printed, /^created and read: [\w-]{36} ACTIVE$/m);
    assert.match(printed, /^INVALID_STATUS, accepted from here: [A-Z_, ]+$/m);
  });
});

describe("examples/vitest", () => {
  it("is accepted by the compiler, and its tests pass", async () => {
    const folder = await createExample("vitest");
    await run(folder, "npm run check");
    assert.match(await run(folder, "npm test"), /5 passed/);
  });
});

describe("each example", async () => {
  const versions = { ...(await pinned("package.json")), "synctera-customers": process.env.PACKAGE_VERSION };
  for (const name of ["deno", "hono-worker", "nextjs", "node-script", "sveltekit", "vite-react", "vitest"]) {
    it(`pins the versions with which it is tested: ${name}`, async () => {
      for (const [tool, version] of Object.entries(await pinned(`../../examples/${name}/package.json`))) {
        assert.equal(version, versions[tool], tool);
      }
    });
  }
});
