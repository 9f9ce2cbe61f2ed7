// Each command, against the sandbox.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { get } from "node:http";
import { before, describe, it } from "node:test";
import { promisify } from "node:util";
import { BIN, PERSON, assertSilent, lines, makeFolder, records, run, start, startServer, until } from "./harness.mjs";

let env;
let cwd;
let id;
const cli = (args, input) => run(args, { env, cwd, input });

before(async () => {
  env = await startServer("--seed", "130");
  cwd = await makeFolder();
  await writeFile(`${cwd}/person.json`, JSON.stringify(PERSON));
});

describe("create, get, patch and update", () => {
  it("create prints the customer as stored", async () => {
    const { code, stdout, stderr } = await cli(["create", "@person.json"]);
    assert.deepEqual([code, stderr], [0, ""]);
    const [customer] = records(stdout);
    assert.equal(customer.ssn, "5678");
    assert.equal(customer.shipping_address.city, "Madison");
    id = customer.id;
  });

  it("create repeats a call under the key of an earlier one", async () => {
    const args = ["create", "-", "--idempotency-key", "order-17", "--fields", "id"];
    const [first, second] = [await cli(args, '{"status":"ACTIVE"}'), await cli(args, '{"status":"ACTIVE"}')];
    assert.equal(first.stdout, second.stdout);
    assert.equal((await cli(args, '{"status":"PROSPECT"}')).code, 1);
  });

  for (const [name, args, input, expected] of [
    ["get", () => ["get", id], "", { last_name: PERSON.last_name, status: "ACTIVE" }],
    ["patch, with an argument", () => ["patch", id, '{"status":"DORMANT"}'], "", { last_name: PERSON.last_name, status: "DORMANT" }],
    ["patch, from stdin", () => ["patch", id, "-"], '{"last_name":"Quayle-Ash"}', { last_name: "Quayle-Ash", status: "DORMANT" }],
    ["update, from a file", () => ["update", id, "@person.json"], "", { last_name: PERSON.last_name, status: "ACTIVE" }],
  ]) {
    it(name, async () => {
      const { code, stdout, stderr } = await cli([...args(), "--fields", "last_name,status"], input);
      assert.deepEqual([code, stderr, records(stdout)], [0, "", [expected]]);
    });
  }
});

describe("list and export", () => {
  it("list prints a page, and names the next page token on stderr", async () => {
    const { code, stdout, stderr } = await cli(["list", "--limit", "3"]);
    assert.deepEqual([code, records(stdout).length], [0, 3]);
    const token = /--page-token (\S+)/.exec(stderr)[1];
    const next = await cli(["list", "--limit", "3", "--page-token", token]);
    assert.notDeepEqual(records(next.stdout), records(stdout));
    assert.equal((await cli(["list", "--limit", "3", "--quiet"])).stderr, "");
  });

  it("list --all and export give every customer once", async () => {
    for (const args of [["list", "--all", "--limit", "50"], ["export"]]) {
      const { code, stdout, stderr } = await cli([...args, "--sort-by", "creation_time:asc"]);
      assert.deepEqual([code, stderr], [0, ""]);
      const ids = records(stdout).map((customer) => customer.id);
      assert.ok(ids.length > 130);
      assert.equal(new Set(ids).size, ids.length);
    }
  });

  for (const [filter, isMatch] of [
    [["--status", "ACTIVE"], ({ status }) => status === "ACTIVE"],
    [["--first-name", "W*"], ({ first_name }) => first_name.startsWith("W")],
    [["--last-name", "K*"], ({ last_name }) => last_name.startsWith("K")],
    [["--email", "*.1@example.com"], ({ email }) => email.endsWith(".1@example.com")],
    [["--phone-number", "+1202*"], ({ phone_number }) => phone_number.startsWith("+1202")],
    [["--ssn-last-4", "7466"], ({ ssn }) => ssn === "7466"],
    [["--has-accounts", "false"], ({ has_accounts }) => has_accounts === false],
  ]) {
    it(`${filter.join(" ")} filters`, async () => {
      for (const command of [["list", "--all"], ["export"]]) {
        const found = records((await cli([...command, ...filter])).stdout);
        assert.ok(found.length > 0 && found.length < 131, String(found.length));
        assert.ok(found.every(isMatch));
      }
    });
  }

  it("--id takes several", async () => {
    const ids = records((await cli(["list", "--limit", "2"])).stdout).map((customer) => customer.id);
    const { stdout } = await cli(["list", "--id", ids.join(","), "--fields", "id"]);
    assert.deepEqual(records(stdout).map((customer) => customer.id).sort(), ids.sort());
  });
});

describe("a dry run", () => {
  for (const [args, method, path] of [
    [["create", "@person.json"], "POST", "/customers"],
    [["patch", "c-1", "@person.json"], "PATCH", "/customers/c-1"],
    [["update", "c-1", "@person.json"], "PUT", "/customers/c-1"],
    [["get", "c-1"], "GET", "/customers/c-1"],
    [["list", "--last-name", PERSON.last_name], "GET", "/customers"],
    [["export", "--email", PERSON.email], "GET", "/customers"],
  ]) {
    it(`of ${args[0]} prints the request, needs no token and sends nothing`, async () => {
      // Nothing listens there.
      const nowhere = { SYNCTERA_BASE_URL: "http://127.0.0.1:9/v0" };
      const { code, stdout, stderr } = await run([...args, "--dry-run"], { env: nowhere, cwd });
      assert.deepEqual([code, stderr], [0, ""]);
      assertSilent(stdout);
      const request = JSON.parse(stdout);
      assert.deepEqual([request.method, request.url], [method, `${nowhere.SYNCTERA_BASE_URL}${path}`]);
      assert.equal(request.headers.authorization, "Bearer [redacted]");
      if (request.body) assert.deepEqual([request.body.ssn, request.body.first_name], ["[secret]", "[personal]"]);
    });
  }
});

describe("the program", () => {
  it("starts as an executable", async () => {
    const { stdout } = await promisify(execFile)(BIN, ["--version"]);
    assert.equal(stdout, `${process.env.PACKAGE_VERSION}\n`);
  });

  it("has help with examples for every command", async () => {
    const help = (await cli(["--help"])).stdout;
    const commands = [...help.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name).filter((name) => name !== "help");
    assert.deepEqual(commands, ["list", "get", "create", "patch", "update", "import", "export", "listen", "verify", "sandbox"]);
    for (const command of commands) {
      const { code, stdout } = await cli([command, "--help"]);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Examples:\n  \\$ .*synctera-customers ${command}`), command);
    }
  });

  it("serves the sandbox, which the other commands use, and which breaks connections on demand", async () => {
    const { child, output, ended } = start(["sandbox", "--customers", "3"]);
    await until(() => output.stdout.split("\n").length > 2);
    const served = Object.fromEntries(output.stdout.trim().split("\n").map((line) => line.split("=")));
    const listed = await run(["list", "--all"], { env: served });
    assert.deepEqual([listed.code, records(listed.stdout).length], [0, 3]);
    assert.equal((await run(["create", "-"], { env: served, input: '{"status":"PROSPECT"}' })).code, 0);
    assert.equal((await run(["list"], { env: { ...served, SYNCTERA_API_KEY: "another" } })).code, 4);
    const ask = (headers) =>
      fetch(`${served.SYNCTERA_BASE_URL}/customers`, { headers: { authorization: `Bearer ${served.SYNCTERA_API_KEY}`, ...headers } });
    await assert.rejects(ask({ "sandbox-fault": "drop=after" }));
    await assert.rejects(ask({ "sandbox-fault": "truncate=20" }).then((response) => response.text()));
    assert.equal((await (await ask()).json()).customers.length, 4);
    // A page of another site whose name was made to lead here.
    const status = await new Promise((resolve, reject) => {
      get(`${served.SYNCTERA_BASE_URL}/customers`, { headers: { host: "evil.example" } }, ({ statusCode }) => resolve(statusCode)).on("error", reject);
    });
    assert.equal(status, 421);
    child.kill("SIGINT");
    assert.equal((await ended).code, 130);
  });

  it("gives a program the sandbox, and ends with its exit code", async () => {
    const script = `
      const { SYNCTERA_BASE_URL, SYNCTERA_API_KEY } = process.env;
      const response = await fetch(SYNCTERA_BASE_URL + "/customers", { headers: { authorization: "Bearer " + SYNCTERA_API_KEY } });
      console.log("customers:", (await response.json()).customers.length);
      process.exitCode = 7;`;
    const program = [process.execPath, "--input-type=module", "--eval", script];
    const { code, stdout, stderr } = await run(["sandbox", "--customers", "3", "--", ...program]);
    assert.deepEqual([code, lines(stdout).at(-1)], [7, "customers: 3"], stderr);
    assert.match(stderr, /^synctera-customers: The command ended with exit code 7\.$/m);
    assert.equal((await run(["sandbox", "--", process.execPath, "--eval", "0"])).code, 0);
    assert.equal((await run(["sandbox", "--", "no-such-program"])).code, 2);
  });

  it("ends such a program when it is interrupted", async () => {
    const program = [process.execPath, "--eval", "console.log(`pid=${process.pid}`); setInterval(() => {}, 1000)"];
    const { child, output, ended } = start(["sandbox", "--", ...program]);
    await until(() => output.stdout.includes("pid="));
    const pid = Number(/pid=(\d+)/.exec(output.stdout)[1]);
    child.kill("SIGTERM");
    assert.equal((await ended).code, 143);
    assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
  });

  it("takes the token from a file", async () => {
    await writeFile(`${cwd}/token`, `${env.SYNCTERA_API_KEY}\n`);
    const { SYNCTERA_BASE_URL } = env;
    const { code } = await run(["list", "--limit", "1", "--token-file", "token"], { env: { SYNCTERA_BASE_URL }, cwd });
    assert.equal(code, 0);
  });

  it("takes the server from --base-url before the environment", async () => {
    const elsewhere = { ...env, SYNCTERA_BASE_URL: "http://127.0.0.1:9/v0" };
    assert.equal((await run(["list", "--limit", "1", "--base-url", env.SYNCTERA_BASE_URL], { env: elsewhere })).code, 0);
  });
});
