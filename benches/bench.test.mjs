// The measurements run, their cases do what they are measured for, and the document is written from
// them. No time is judged here.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { before, describe, test } from "node:test";
import { Bench } from "./bench.mjs";
import { compose } from "./document.mjs";
import * as raw from "./cases/raw.mjs";
import { CLIENTS, OURS_CHECKED, PREVIOUS } from "./clients.mjs";
import { PARTS } from "./parts.mjs";
import { faults } from "./harness/tasks.js";
import { shares } from "./profile.mjs";
import { differences, median, ratios } from "./harness/statistics.js";
import { SECTIONS } from "./sections.mjs";
import { sectionsOf } from "./wasm.mjs";

/** Without Java there is one less, and an earlier version only where one is given. */
const isThere = (name) => name !== PREVIOUS && (name !== "openapi-generator" || process.env.OPENAPI_GENERATOR);

describe("the cases", () => {
  let bench;
  before(async () => {
    bench = await Bench.open({ quick: true, environment: process.env });
  });

  test("each makes the five operations rightly", async () => {
    const clients = bench.names({ sockets: true, forms: true });
    assert.deepEqual(await bench.run("Node", { task: "faults", clients }), []);
  });

  test("what is measured as checked notices the last customer of a page, and nothing where all is well", async () => {
    const clients = [OURS_CHECKED];
    assert.deepEqual(await bench.run("Node", { task: "driftReports", clients }), { [OURS_CHECKED]: [0, 1] });
  });

  const SPOILT = {
    "asks for another path": { open: (settings) => raw.open({ ...settings, baseUrl: `${settings.baseUrl}/v1` }) },
    "asks twice": {
      open({ fetch, ...settings }) {
        return raw.open({ ...settings, fetch: (...args) => fetch(...args).then(() => fetch(...args)) });
      },
    },
    "sends no token": { open: (settings) => raw.open({ ...settings, token: "" }) },
    "answers something else": {
      ...raw,
      customerResponse: ({ id, ...rest }) => rest,
    },
  };
  for (const [what, spoilt] of Object.entries(SPOILT)) {
    test(`one that ${what} is found out`, async () => {
      assert.notDeepEqual(await faults({ spoilt }), []);
    });
  }
});

describe("a quick run", () => {
  let results;
  let document;
  let pictures;
  before(async () => {
    const cache = await mkdtemp(`${tmpdir()}/bench-`);
    const run = fileURLToPath(new URL("run.mjs", import.meta.url));
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
    await promisify(execFile)(process.execPath, [run, "--quick"], {
      env: { ...environment, RESULTS_CACHE: cache },
    });
    results = JSON.parse(await readFile(`${cache}/results.json`, "utf8"));
    document = await readFile(`${cache}/quick/performance.md`, "utf8");
    pictures = await readdir(`${cache}/quick/performance`);
  });

  for (const { name } of PARTS) {
    test(`measures ${name} and writes its section`, () => {
      assert.ok(results[name].measured);
      const { title } = SECTIONS.find(({ part }) => part === name);
      assert.ok(document.includes(`\n## ${title}\n`));
    });
  }

  test("measures every client in Node", () => {
    const measured = Object.keys(results.calls.measured.Node.list);
    const everywhere = CLIENTS.filter(({ socketsOnly, form }) => !socketsOnly && !form);
    assert.deepEqual(measured, everywhere.map(({ name }) => name).filter(isThere));
  });

  test("judges every goal by a number", () => {
    const goals = document.split("## The goals\n")[1].split("\n## ")[0];
    const lines = goals.split("\n").filter((line) => line.startsWith("| ")).slice(2);
    const expected = SECTIONS.flatMap(({ part, goals }) => (results[part] && goals?.(results[part].measured)) ?? []);
    assert.equal(lines.length, expected.length);
    for (const line of lines) assert.match(line, /\d.*\| (met|\*\*not met\*\*) \|$/);
  });

  test("draws every picture that the document shows, and no other", () => {
    const shown = [...document.matchAll(/\]\(performance\/([\w-]+\.svg)\)/g)].map(([, file]) => file);
    assert.deepEqual(pictures.filter((file) => file.endsWith(".svg")).sort(), shown.sort());
  });

  test("says nothing of what was not measured", () => {
    assert.ok(!compose({}).includes(SECTIONS[0].title));
  });

  test("writes no number that is none", () => assert.doesNotMatch(document, /NaN|undefined|Infinity/));
});

describe("the document", () => {
  const PART = { taken: "2026-01-02", machine: { processor: "P", cores: 2, memory: "4 GiB", system: "s" }, versions: {} };

  test("says whether a goal is met by the numbers alone", () => {
    const judged = (asked) => compose({ sandbox: { ...PART, measured: { served: 500, asked, how: "So." } } });
    assert.match(judged(100), /\| 5\.00 times \| met \|/);
    assert.match(judged(101), /\| 4\.95 times \| \*\*not met\*\* \|/);
  });
});

describe("a module's sections", () => {
  test("are found with their heads, whatever their length", () => {
    const long = [11, 0x80 | 2, 1, ...Array(130).fill(7)];
    const module = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 1, 0, ...long]);
    assert.deepEqual(
      sectionsOf(module).map(({ name, bytes }) => [name, bytes.length]),
      [["type", 3], ["data", 133]],
    );
  });
});

describe("a profile", () => {
  const frame = (id, functionName, url, children) => ({ id, callFrame: { functionName, url }, children });
  const nodes = [
    frame(1, "(root)", "", [2, 3, 4, 6, 7]),
    frame(2, "(idle)", ""),
    frame(3, "(garbage collector)", ""),
    frame(4, "get", "file:///a/node_modules/synctera-customers/dist/core.js", [5]),
    frame(5, "wasm-function[1]", "wasm://wasm/1"),
    frame(6, "fetch", "node:internal/deps/undici/undici"),
    frame(7, "writeLatin1String", ""),
  ];

  test("shares the time out by the place of each function", () => {
    const taken = shares({ nodes, samples: [2, 3, 4, 5, 6, 7], timeDeltas: [1000, 10, 20, 30, 25, 15] });
    assert.deepEqual(Object.values(taken), [0.2, 0.25, 0, 0, 0.3, 0.1, 0.15]);
  });
});

describe("what is said about samples", () => {
  test("a ratio is taken within its round", () => {
    assert.deepEqual(ratios([2, 40, 6], [1, 10, 2]), { median: 3, lowest: 2, highest: 4 });
  });
  test("so is a difference", () => {
    assert.deepEqual(differences([2, 40, 6], [1, 10, 2]), { median: 4, lowest: 1, highest: 30 });
  });
  test("the median of an even number is between the two in the middle", () => {
    assert.equal(median([4, 1, 3, 2]), 2.5);
  });
});
