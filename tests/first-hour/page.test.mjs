// The first hour in a page: Vite and React, behind the example proxy, with a session in a cookie.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { serve } from "../bundlers/app.mjs";
import { launch, openTab } from "../console/browser.mjs";
import { buildWorker, copyExample } from "../proxy/build.mjs";
import { AUDIENCE, SESSION_SECRET, session } from "../proxy/stage.mjs";
import { startWorkers } from "../proxy/workers.mjs";
import { startSandbox } from "../runtimes/sandbox.mjs";
import { TSC, createProject, run } from "./project.mjs";

let sandbox;
let workers;
let app;
let server;
let browser;

before(async () => {
  sandbox = await startSandbox();
  const bindings = {
    SESSION_SECRET,
    SESSION_AUDIENCE: AUDIENCE,
    SYNCTERA_API_KEY: sandbox.token,
    SYNCTERA_BASE_URL: sandbox.baseUrl,
  };
  const built = await buildWorker(await copyExample("worker-proxy", "first-hour-proxy"));
  workers = await startWorkers([{ name: "proxy", built, bindings }]);
  app = await createProject("page", ["react", "react-dom", "vite", "@types/react", "@types/react-dom"]);
  Object.assign(process.env, { PROXY: workers.urls.proxy, SESSION: await session() });
  server = await serve(app, "vite --host localhost --port 0");
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await workers?.stop();
  sandbox?.stop();
});

describe("a page of React behind its own backend", () => {
  it("compiles in strict TypeScript", async () => {
    assert.equal((await run(app, process.execPath, [TSC, "--project", "."])).printed, "");
  });

  it("works with a cookie and without a token", async () => {
    const { tab, requests, context } = await openTab(browser, { failing: true });
    await tab.goto(server.url);
    const refused = tab.getByText(/^listCustomers failed: 401/);
    await refused.waitFor();
    await tab.getByRole("button", { name: "Log in" }).click();
    // The list that the login reads would replace one that has the new customer.
    await refused.waitFor({ state: "hidden" });
    await tab.getByRole("button", { name: "New customer" }).click();
    await Promise.race([
      tab.getByRole("listitem").getByText("Ottoline Quay").waitFor(),
      tab.getByText(/^createCustomer/).waitFor(),
    ]);
    assert.equal(await tab.getByRole("alert").innerText(), "");
    const [cookie] = await context.cookies();
    assert.deepEqual([cookie.name, cookie.httpOnly, cookie.sameSite], ["__Host-session", true, "Strict"]);
    assert.ok(requests.length >= 3);
    for (const request of requests) assert.equal(new URL(request.url()).origin, server.url);
    for (const request of requests) assert.equal((await request.allHeaders())["authorization"], undefined);
    await context.close();
  });
});
