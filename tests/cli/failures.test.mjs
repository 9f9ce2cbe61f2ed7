// Exit codes, and what a failure says.
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import { PERSON, TOKEN, assertSilent, makeFolder, run, start, startServer } from "./harness.mjs";

const ID = "00000000-0000-4000-8000-000000000000";
let env;
let cwd;

before(async () => {
  env = await startServer("--strict-active", "--seed", "250", "--forbidden-token", "forbidden");
  cwd = await makeFolder();
  await writeFile(`${cwd}/person.json`, JSON.stringify(PERSON));
  await writeFile(`${cwd}/misspelt.json`, JSON.stringify({ ...PERSON, emial: PERSON.email }));
  await writeFile(`${cwd}/broken.json`, JSON.stringify(PERSON).slice(0, -1));
  await writeFile(`${cwd}/misspelt.csv`, "status,emial,legal_address.city\nACTIVE,x,y\n");
  await writeFile(`${cwd}/headless.csv`, `ACTIVE,${PERSON.last_name}\nACTIVE,Ash\n`);
  await writeFile(`${cwd}/twice.csv`, "status,email,email\nACTIVE,x,y\n");
  await writeFile(`${cwd}/short.csv`, `status,last_name\nACTIVE,${PERSON.last_name},x\n`);
  await writeFile(`${cwd}/latin1.csv`, Buffer.from("status,last_name\nACTIVE,Jos\xe9\n", "latin1"));
  await writeFile(`${cwd}/broken.jsonl`, `{"status":"ACTIVE"}\n{"last_name":"${PERSON.last_name}\n`);
  await writeFile(`${cwd}/empty`, "");
});

const PRODUCTION = { SYNCTERA_API_KEY: TOKEN };
const NO_TOKEN = { SYNCTERA_API_KEY: undefined };

/** The arguments, the exit code, what stderr says, and what is other than usual. */
const CASES = [
  // 1: the server says no.
  [["get", ID], 1, /404 RESOURCE_NOT_FOUND/],
  [["create", '{"status":"ACTIVE"}'], 1, /400 BAD_REQUEST_BODY.*\n {2}missing: first_name, last_name, dob$/],
  [["create", "-"], 1, /400 BAD_REQUEST_BODY.*\n {2}invalid: ban_status$/, { input: '{"status":"PROSPECT","ban_status":"BANNED"}' }],
  // 2: the command line is wrong.
  [[], 2, /^Usage: /],
  [["lst"], 2, /^synctera-customers: Unknown command "lst"\./],
  [[PERSON.email], 2, /Unknown command\./],
  [["list", "--limt", "3"], 2, /Unknown option --limt\. Did you mean --limit\?/],
  [["list", `--lastname=${PERSON.last_name}`], 2, /Unknown option --lastname\. See/],
  [["list", PERSON.last_name], 2, /more arguments than this command takes/],
  [["list", "--limit", PERSON.last_name], 2, /--limit takes a whole number from 1 to 100/],
  [["list", "--limit", "0"], 2, /--limit takes a whole number from 1 to 100/],
  [["list", "--limit"], 2, /The option --limit needs a value/],
  [["list", "--format", PERSON.last_name], 2, /--format takes one of: json, jsonl, csv, table/],
  [["list", "--fields", PERSON.email], 2, /--fields: one of the names is not a field of a customer\. Fields: id, status/],
  [["list", "--fields", "emial"], 2, /--fields: "emial" is not a field/],
  [["list", "--has-accounts", "yes"], 2, /--has-accounts takes one of: true, false/],
  [["list", "--status", "ACTVE"], 2, /params\.status: .* expected one of ACTIVE/],
  [["list", "--all", "--page-token", "x"], 2, /--all begins at the first page/],
  [["list", "--environment", "production", "--base-url", "http://127.0.0.1:9"], 2, /exclude each other/],
  [["list", "--base-url", "http://example.com"], 2, /https/],
  [["get"], 2, /The argument ID is missing/],
  [["create", "@missing.json"], 2, /cannot be read: ENOENT/],
  [["create", "@broken.json"], 2, /not JSON/],
  [["create", PERSON.last_name], 2, /not JSON/],
  [["create", "@misspelt.json"], 2, /customer\.emial: an unknown name.*\(--allow-unknown-fields sends it/],
  [["create", JSON.stringify(PERSON)], 2, /An ssn is not taken from an argument/],
  [["import", "misspelt.csv"], 2, /The column "emial" is not a field of a customer\. Columns: id, status/],
  [["import", "headless.csv"], 2, /The first line names no field of a customer/],
  [["import", "twice.csv"], 2, /The column email appears twice/],
  [["import", "short.csv"], 2, /Line 2 is not CSV.*Nothing was sent/],
  [["import", "latin1.csv"], 2, /not UTF-8.*Nothing was sent/],
  [["import", "broken.jsonl"], 2, /Line 2 is not JSON.*Nothing was sent/],
  [["import", "missing.csv"], 2, /cannot be read: ENOENT/],
  [["import", "broken.jsonl", "--key", "emial"], 2, /--key: "emial" is not a field/],
  [["listen", "--secret-file", "person.json", "--forward", "file:///etc/passwd"], 2, /--forward takes an http or https URL/],
  // Tokens in arguments.
  ...["--token", "--api-key", "--access-token", `--token=${TOKEN}`, "--secret"].map((option) => [
    ["list", option, TOKEN], 2, /not taken as arguments: every user of this machine can read/,
  ]),
  // Writes to production. Nothing is asked, since stdin is no terminal.
  ...[["create", "@person.json"], ["patch", ID, "@person.json"], ["update", ID, "@person.json"]].map((args) => [
    [...args, "--environment", "production"], 2, /in production: give --yes if that is meant\. Nothing was sent\./, { env: PRODUCTION },
  ]),
  [["create", "@person.json", "--base-url", "https://API.synctera.com/v0"], 2, /give --yes/, { env: PRODUCTION }],
  // 4: credentials.
  [["list"], 4, /There is no token: set SYNCTERA_API_KEY/, { env: NO_TOKEN }],
  [["list"], 4, /401 UNAUTHENTICATED\. Check the token/, { env: { SYNCTERA_API_KEY: "another" } }],
  [["list"], 4, /403 FORBIDDEN/, { env: { SYNCTERA_API_KEY: "forbidden" } }],
  [["list", "--token-file", "missing"], 4, /--token-file: the file cannot be read: ENOENT/],
  [["list", "--token-file", "empty"], 4, /There is no token/],
  [["listen"], 4, /There is no webhook secret/],
  [["verify", "person.json"], 4, /There is no webhook secret/],
];

describe("a failure", () => {
  for (const [args, code, words, { input, env: changes } = {}] of CASES) {
    const what = args.map((arg) => (arg.length > 30 ? `${arg.slice(0, 30)}…` : arg)).join(" ");
    it(`${what || "no command"}: exit code ${code}, ${words}`, async () => {
      const result = await run(args, { env: { ...env, ...changes }, cwd, input });
      assert.deepEqual([result.code, result.stdout], [code, ""], result.stderr);
      assert.match(result.stderr.trim(), words);
    });
  }

  it("is JSON on stderr where --format asks for it", async () => {
    for (const [args, expected] of [
      [["get", ID, "--format", "json"], { name: "ApiError", status: 404, code: "RESOURCE_NOT_FOUND", outcome: "rejected", exitCode: 1 }],
      [["create", '{"status":"ACTIVE"}', "--format=jsonl"], { name: "ApiError", missing: ["first_name", "last_name", "dob"], exitCode: 1 }],
      [["list", "--format", "json", "--limt", "1"], { name: "UsageError", exitCode: 2 }],
      [["list", "--format", "json", "--status", "ACTVE"], { name: "ValidationError", outcome: "not_sent", exitCode: 2 }],
    ]) {
      const { stdout, stderr } = await run(args, { env });
      assert.equal(stdout, "");
      const { error } = JSON.parse(stderr);
      for (const [name, value] of Object.entries(expected)) assert.deepEqual(error[name], value, name);
    }
  });

  it("needs no confirmation of production in a dry run", async () => {
    const { code, stdout } = await run(["create", "@person.json", "--environment", "production", "--dry-run"], { cwd });
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).url, "https://api.synctera.com/v0/customers");
    assertSilent(stdout);
  });
});

describe("a write whose outcome is unknown", () => {
  // It takes the request, and breaks off.
  const server = createServer((request) => request.resume().on("end", () => request.socket.destroy()));
  let broken;
  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    broken = { ...env, SYNCTERA_BASE_URL: `http://127.0.0.1:${server.address().port}` };
  });
  after(() => server.close());

  it("reports the idempotency key to repeat it with", async () => {
    const { code, stderr } = await run(["create", '{"status":"PROSPECT"}'], { env: broken });
    assert.equal(code, 1);
    assert.match(stderr, /repeat the command with --idempotency-key [0-9a-f-]{36}\n$/);
    const asJson = await run(["create", '{"status":"PROSPECT"}', "--format", "json"], { env: broken });
    assert.match(JSON.parse(asJson.stderr).error.idempotencyKey, /^[0-9a-f-]{36}$/);
  });

  it("does not print an idempotency key that the user chose", async () => {
    const { stderr } = await run(["create", '{"status":"PROSPECT"}', "--idempotency-key", PERSON.email], { env: broken });
    assert.match(stderr, /repeat the command with --idempotency-key and the same key as before/);
  });
});

describe("an interrupted command", () => {
  it("a closed stdout exits with 0", async () => {
    for (const args of [["export"], ["list", "--all", "--format", "table"]]) {
      const { child, ended } = start(args, { env });
      child.stdout.once("data", () => child.stdout.destroy());
      const { code, stderr } = await ended;
      assert.deepEqual([code, stderr], [0, ""], args.join(" "));
    }
  });

  for (const [signal, expected] of [["SIGINT", 130], ["SIGTERM", 143]]) {
    it(`exits with ${expected} on ${signal}`, async () => {
      // It never answers.
      const server = createServer(() => {}).listen(0, "127.0.0.1");
      await once(server, "listening");
      const { child, ended } = start(["list"], { env: { ...env, SYNCTERA_BASE_URL: `http://127.0.0.1:${server.address().port}` } });
      server.once("request", () => child.kill(signal));
      const { code, stdout, stderr } = await ended;
      server.closeAllConnections();
      server.close();
      assert.deepEqual([code, stdout, stderr], [expected, "", "Interrupted: waiting for requests in flight.\n"]);
    });
  }

  it("exits with 130 on SIGINT while it reads stdin", async () => {
    const { child, ended } = start(["create", "-"], { env });
    // More than a pipe holds, so that it is written when the command reads.
    child.stdin.write(" ".repeat(1 << 20), () => child.kill("SIGINT"));
    assert.equal((await ended).code, 130);
  });
});
