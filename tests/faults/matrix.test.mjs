// Every fault × every operation × every runtime, by the installed package against the real sandbox.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startSandbox, startSandboxWithToken } from "../runtimes/sandbox.mjs";
import { closeBrowsers } from "../runtimes/webdriver.mjs";
import { wrongs } from "./judgement.mjs";
import { openPlaces } from "./places.mjs";
import { report } from "./report.mjs";
import { RUNTIMES } from "./runtimes.mjs";
import { FAULTS, OPERATION_NAMES } from "./table.js";

describe("calls under faults", { concurrency: false }, () => {
  let sandbox;
  let sandbox422;
  let places;
  before(async () => {
    sandbox = await startSandbox();
    sandbox422 = await startSandboxWithToken(sandbox.token, "--concurrent-use-status", "422");
    places = await openPlaces();
  });
  after(async () => {
    await closeBrowsers();
    for (const running of [sandbox, sandbox422]) running?.stop();
    places?.close();
  });

  const settings = () => ({
    baseUrl: sandbox.baseUrl,
    token: sandbox.token,
    places: { ...places.urls, sandbox422: sandbox422.baseUrl },
  });

  for (const [runtime, run] of Object.entries(RUNTIMES)) {
    describe(runtime, () => {
      let observations = [];
      let failure;
      let redirected;
      before(async () => {
        redirected = places.redirected();
        try {
          observations = await run(process.env.CONSUMER, settings());
        } catch (error) {
          // As each test's failure: an error in a hook says nothing about them.
          failure = error;
        }
      });

      for (const fault of FAULTS) {
        it(fault.name, async () => {
          if (failure) throw failure;
          const found = [];
          for (const operation of OPERATION_NAMES) {
            const seen = observations.filter((one) => one.fault === fault.name && one.operation === operation);
            const wrong = seen.length === 1 ? wrongs(fault, seen[0]) : [`observed ${seen.length} times`];
            found.push(...wrong.map((what) => `${operation}: ${what}`));
            const injected = [fault.by, fault.inject && `${fault.inject}${fault.once ? ";times=1" : ""}`];
            await report({
              kind: "matrix",
              runtime,
              ...seen[0],
              fault: fault.name,
              operation,
              injected: injected.filter(Boolean).join(": "),
              ok: wrong.length === 0,
            });
          }
          assert.deepEqual(found, []);
        });
      }

      it("no redirect was followed", () => {
        assert.ok(places.redirected() > redirected, "nothing was redirected");
        assert.deepEqual(places.reached, []);
      });
    });
  }
});
