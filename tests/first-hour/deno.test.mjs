// The first hour in Deno.
import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { DENO } from "../runtimes/programs.mjs";
import { startSandbox } from "../runtimes/sandbox.mjs";
import { createProject, run } from "./project.mjs";

let sandbox;
let folder;
before(async () => {
  sandbox = await startSandbox();
  folder = await createProject("deno", []);
  await cp(`${process.env.CONSUMER}/node_modules/synctera-customers`, `${folder}/node_modules/synctera-customers`, { recursive: true });
});
after(() => sandbox?.stop());

const deno = (...args) =>
  run(folder, DENO, args, { BASE_URL: sandbox.baseUrl, SANDBOX_TOKEN: sandbox.token, DENO_DIR: `${folder}/.deno`, DENO_NO_UPDATE_CHECK: "1" });

describe("a program in Deno", () => {
  it("is accepted by deno check", async () => {
    const { code, printed } = await deno("check", "--no-remote", "main.ts");
    assert.equal(code, 0, printed);
  });

  it("works, and finds its own functions in an error's stack", async () => {
    const { code, stdout, printed } = await deno("run", "--no-prompt", "--no-remote", "--allow-net", "--allow-env=BASE_URL,SANDBOX_TOKEN", "main.ts");
    assert.equal(code, 0, printed);
    const { status, stack, missing } = JSON.parse(stdout);
    assert.equal(status, "PROSPECT");
    assert.match(stack, /getCustomer[^]*findMissing/);
    // Without the permission to read the variable there is no token, and no other failure.
    assert.match(missing, /^new CustomersApi: accessToken is missing\. Is SYNCTERA_API_KEY set\?/);
  });
});
