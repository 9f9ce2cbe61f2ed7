// `listen` and `verify`.
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { ENVELOPE, PACKAGE, PERSON, SECRET, afterAll, lines, makeFolder, run, start, until } from "./harness.mjs";

const { sign } = await import(pathToFileURL(`${PACKAGE}/entries/webhooks.js`).href);

// Bytes that a second serialisation would change.
const BODY = ` ${JSON.stringify(ENVELOPE)}\n`;
const EVENT = { ...ENVELOPE, event_resource: { id: "c-1", ...PERSON } };
const env = { SYNCTERA_WEBHOOK_SECRET: SECRET };

/** A target of `--forward` that keeps what it gets. */
async function startTarget() {
  const received = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(202).end("taken");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  afterAll(() => server.close());
  return { url: `http://127.0.0.1:${server.address().port}/hooks?a=1`, received };
}

/** Starts `listen` on a free port. */
async function listen(...args) {
  const program = start(["listen", "--port", "0", ...args], { env });
  await until(() => program.output.stderr.includes("Listening"));
  const url = /http:\S+/.exec(program.output.stderr)[0];
  return {
    ...program,
    post: async (body, headers) => (await fetch(url, { method: "POST", body, headers })).status,
    stop() {
      program.child.kill("SIGINT");
      return program.ended;
    },
  };
}

describe("listen", () => {
  it("prints type and id of what is signed, and forwards body and headers unchanged", async () => {
    const target = await startTarget();
    const listener = await listen("--forward", target.url);
    const headers = { ...(await sign(BODY, { secrets: SECRET })), "content-type": "application/json", "x-other": "kept" };
    assert.equal(await listener.post(BODY, headers), 202);
    const { code, stdout, stderr } = await listener.stop();
    assert.deepEqual([code, stdout], [130, "CUSTOMER.UPDATED event-1\n"]);
    assert.match(stderr, /Forwarded: 202/);
    assert.equal(target.received.length, 1);
    assert.equal(target.received[0].body, BODY);
    for (const [name, value] of Object.entries(headers)) assert.equal(target.received[0].headers[name.toLowerCase()], value, name);
  });

  it("prints the whole event with --format json", async () => {
    const listener = await listen("--format", "json");
    assert.equal(await listener.post(BODY, await sign(BODY, { secrets: SECRET })), 204);
    const { stdout } = await listener.stop();
    assert.deepEqual(lines(stdout).map((line) => JSON.parse(line)), [EVENT]);
  });

  it("neither prints nor forwards what is not signed, changed, too old or too large", async () => {
    const target = await startTarget();
    const listener = await listen("--forward", target.url);
    const headers = await sign(BODY, { secrets: SECRET });
    const large = "x".repeat((1 << 20) + 1);
    const larger = "x".repeat(16 << 20);
    assert.equal(await listener.post(BODY, {}), 401);
    assert.equal(await listener.post(`${BODY} `, headers), 401);
    assert.equal(await listener.post(BODY, await sign(BODY, { secrets: "another" })), 401);
    assert.equal(await listener.post(BODY, await sign(BODY, { secrets: SECRET, timestampMs: Date.now() - 3_600_000 })), 401);
    for (const body of [large, larger]) assert.equal(await listener.post(body, await sign(body, { secrets: SECRET })), 413);
    const { stdout, stderr } = await listener.stop();
    assert.equal(stdout, "");
    assert.equal(stderr.match(/Webhook rejected/g).length, 4);
    assert.deepEqual(target.received, []);
  });

  it("answers 502 if the target does not respond, and keeps listening", async () => {
    const listener = await listen("--forward", "http://127.0.0.1:9/");
    const headers = await sign(BODY, { secrets: SECRET });
    assert.equal(await listener.post(BODY, headers), 502);
    assert.equal(await listener.post(BODY, headers), 502);
    assert.match((await listener.stop()).stderr, /Not forwarded: /);
  });

  it("takes two secrets from a file while one is being replaced", async () => {
    const folder = await makeFolder();
    await writeFile(`${folder}/secrets`, `new-one\n${SECRET}\n`);
    const listener = await listen("--secret-file", `${folder}/secrets`);
    for (const secrets of ["new-one", SECRET]) assert.equal(await listener.post(BODY, await sign(BODY, { secrets })), 204);
    await listener.stop();
  });

  it("fails where the port is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { code, stderr } = await run(["listen", "--port", String(server.address().port)], { env });
    server.close();
    assert.equal(code, 1);
    assert.match(stderr, /The port cannot be listened on: EADDRINUSE/);
  });
});

describe("verify", () => {
  let cwd;
  let headers;
  before(async () => {
    cwd = await makeFolder();
    // Saved long ago.
    headers = await sign(BODY, { secrets: SECRET, timestampMs: Date.UTC(2026, 0, 1) });
    await writeFile(`${cwd}/body`, BODY);
    await writeFile(`${cwd}/headers.json`, JSON.stringify(headers));
    await writeFile(`${cwd}/headers.txt`, `POST /hook HTTP/1.1\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("")}`);
  });
  const verify = (...args) => run(["verify", "body", ...args], { env, cwd });

  it("takes the headers from a file of lines, of JSON, or from options", async () => {
    const options = ["--signature", headers["Synctera-Signature"], "--timestamp", headers["Request-Timestamp"]];
    for (const args of [["--headers", "headers.txt"], ["--headers", "headers.json"], options]) {
      const { code, stdout, stderr } = await verify(...args);
      assert.deepEqual([code, stdout, stderr], [0, "CUSTOMER.UPDATED event-1\n", "The signature is valid.\n"]);
    }
  });

  it("prints the whole event with --format json", async () => {
    const { stdout } = await verify("--headers", "headers.txt", "--format", "json");
    assert.deepEqual(JSON.parse(stdout), EVENT);
  });

  it("reads the body from stdin", async () => {
    const { code } = await run(["verify", "-", "--headers", "headers.txt"], { env, cwd, input: BODY });
    assert.equal(code, 0);
  });

  for (const [what, args, words, options = {}] of [
    ["another body", ["verify", "-", "--headers", "headers.txt"], /no secret gives this signature/, { input: BODY.trim() }],
    ["another secret", ["verify", "body", "--headers", "headers.txt"], /no secret gives this signature/, { env: { SYNCTERA_WEBHOOK_SECRET: "x" } }],
    ["no headers", ["verify", "body"], /Synctera-Signature is missing/],
    ["a webhook older than --tolerance", ["verify", "body", "--headers", "headers.txt", "--tolerance", "300"], /Request-Timestamp is further from now/],
  ]) {
    it(`rejects ${what}`, async () => {
      const { code, stdout, stderr } = await run(args, { env, cwd, ...options });
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, words);
    });
  }
});
