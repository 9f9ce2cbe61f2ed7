// The first hour with wrangler: a Worker, type-checked, bundled and run in workerd.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { buildWorker } from "../proxy/build.mjs";
import { startWorkers } from "../proxy/workers.mjs";
import { startSandbox } from "../runtimes/sandbox.mjs";
import { TSC, createProject, run } from "./project.mjs";

let sandbox;
let folder;
let workers;
before(async () => {
  sandbox = await startSandbox();
  folder = await createProject("worker", ["@cloudflare/workers-types"]);
  const built = await buildWorker(folder);
  const bindings = { BASE_URL: sandbox.baseUrl };
  workers = await startWorkers([
    { name: "worker", built, bindings: { ...bindings, SYNCTERA_API_KEY: sandbox.token } },
    { name: "keyless", built, bindings: { ...bindings, SYNCTERA_API_KEY: "" } },
  ]);
});
after(async () => {
  await workers?.stop();
  sandbox?.stop();
});

describe("a Worker", () => {
  it("compiles in strict TypeScript", async () => {
    assert.equal((await run(folder, process.execPath, [TSC, "--project", "."])).printed, "");
  });

  it("creates a customer and finds it again", async () => {
    const { id } = await (await fetch(workers.urls.worker)).json();
    const found = await fetch(`${workers.urls.worker}/${id}`);
    assert.deepEqual([found.status, (await found.json()).status], [200, "PROSPECT"]);
  });

  it("has the method's name in the stack of a failure", async () => {
    const response = await fetch(`${workers.urls.worker}/00000000-0000-4000-8000-000000000000`);
    const { name, stack } = await response.json();
    assert.deepEqual([response.status, name], [404, "ApiError"]);
    assert.match(stack, /getCustomer/);
  });

  it("says that its key is missing", async () => {
    const { message } = await (await fetch(workers.urls.keyless)).json();
    assert.match(message, /^new CustomersApi: accessToken is missing\. Is SYNCTERA_API_KEY set\?/);
  });
});
