// A program that requires the package, with only the files that a tracer copies: how Lambda bundles,
// Next.js's standalone output and Nitro are made.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { after, before, describe, it } from "node:test";
import { nodeFileTrace } from "@vercel/nft";
import { NODE_MAJORS, node } from "../runtimes/programs.mjs";

const CONSUMER = process.env.CONSUMER;
const USE = `new CustomersApi({ accessToken: "t", fetch: async () => new Response('{ "id": "1", "status": "ACTIVE" }') })
  .getCustomer("1")
  .then(({ status }) => console.log(status));
`;
const PROGRAMS = {
  "traced.cjs": `const { CustomersApi } = require("synctera-customers");\n${USE}`,
  "traced.mjs": `import { CustomersApi } from "synctera-customers";\n${USE}`,
};

let folder;
before(async () => {
  folder = await mkdtemp(`${tmpdir()}/traced-`);
});
after(() => rm(folder, { recursive: true, force: true }));

describe("the files that a tracer copies", () => {
  for (const [name, text] of Object.entries(PROGRAMS)) {
    it(`are all that ${name} needs`, async () => {
      await writeFile(`${CONSUMER}/${name}`, text);
      const { fileList, warnings } = await nodeFileTrace([`${CONSUMER}/${name}`], { base: CONSUMER });
      assert.deepEqual([...warnings].map(String), []);
      const copy = `${folder}/${name.replace(".", "-")}`;
      for (const file of fileList) await cp(`${CONSUMER}/${file}`, `${copy}/${file}`);
      for (const major of NODE_MAJORS) {
        assert.equal(execFileSync(node(major), [name], { cwd: copy, encoding: "utf8" }), "ACTIVE\n", `Node ${major}`);
      }
    });
  }

  it("are found by conditions that every resolver knows", async () => {
    const manifest = JSON.parse(await readFile(`${CONSUMER}/node_modules/synctera-customers/package.json`, "utf8"));
    assert.deepEqual(Object.keys(manifest.exports["."].node), ["require", "default"]);
  });
});
