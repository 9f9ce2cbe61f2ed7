// What the tests play on: sandbox, relay, Workers, and pages that call them.
import { randomUUID } from "node:crypto";
import { cp } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { signSession } from "../../examples/worker-proxy/sign-session.mjs";
import { startSandbox } from "../runtimes/sandbox.mjs";
import { buildWorker, copyExample } from "./build.mjs";
import { startRelay } from "./relay.mjs";
import { startWorkers } from "./workers.mjs";

export const ORIGIN = "https://app.example.com";
export const AUDIENCE = "customers-proxy";
export const SESSION_SECRET = "a-secret-of-the-tests-0123456789abcdef";
/** An API key that has what escapes and encodings change. */
export const ODD_KEY = "sk/live_\"7>?~+=\\-%.key~~??>>";
/** One request in four meets a fault: that no call meets nine in a row is as good as certain. */
const FAULTS = "12% drop=after, 6% drop=before, 4% status=503, 3% truncate=20, 5% deliver=twice";

const installed = `${process.env.CONSUMER}/node_modules/synctera-customers/entries/node.js`;
export const { CustomersApi } = await import(pathToFileURL(installed).href);

/** Starts everything; `stop()` ends it, and so does a part that does not start. */
export async function openStage() {
  const running = [];
  const started = (part) => {
    running.push(part);
    return part;
  };
  const stop = async () => {
    for (const part of running.reverse()) await part.stop();
  };
  try {
    const app = await copyExample("worker-proxy");
    await cp(new URL("wide.ts", import.meta.url), `${app}/src/wide.ts`);
    const shipped = await buildWorker(app);
    const wide = await buildWorker(app, "src/wide.ts");
    const sandbox = started(await startSandbox());
    const unlucky = started(await startSandbox("--random-faults", FAULTS, "--fault-seed", "20417"));
    const relay = started(await startRelay(sandbox.baseUrl));
    const workers = started(await startWorkers(casts({ shipped, wide, sandbox, unlucky, relay })));
    return { app, relay, sandbox, unlucky, workers, keys: [sandbox.token, unlucky.token], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The Workers: as the example ships, with another config, and set up wrongly in each way there is. */
function casts({ shipped, wide, sandbox, unlucky, relay }) {
  const origins = `https://other.example.com ${ORIGIN}`;
  const session = { SESSION_SECRET, SESSION_AUDIENCE: AUDIENCE, ALLOWED_ORIGINS: origins };
  const upstream = { SYNCTERA_API_KEY: sandbox.token, SYNCTERA_BASE_URL: relay.baseUrl };
  const all = { ...session, ...upstream };
  const twoAMinute = { RATE_LIMITER: { namespace_id: "1001", simple: { limit: 2, period: 60 } } };
  return [
    { name: "shipped", built: shipped, bindings: all },
    { name: "wide", built: wide, bindings: all },
    { name: "impatient", built: wide, bindings: { ...all, TIMEOUT_MS: 500 } },
    { name: "counting", built: shipped, bindings: all, ratelimits: twoAMinute },
    { name: "bare", built: shipped, bindings: { ...upstream, ALLOWED_ORIGINS: ORIGIN } },
    { name: "a short secret", built: shipped, bindings: { ...all, SESSION_SECRET: "short" } },
    { name: "no audience", built: shipped, bindings: { ...all, SESSION_AUDIENCE: "" } },
    { name: "no key", built: shipped, bindings: { ...session, SYNCTERA_BASE_URL: relay.baseUrl } },
    { name: "a wrong key", built: shipped, bindings: { ...all, SYNCTERA_API_KEY: "not-the-key" } },
    { name: "an odd key", built: wide, bindings: { ...all, SYNCTERA_API_KEY: ODD_KEY } },
    { name: "no server there", built: shipped, bindings: { ...all, SYNCTERA_BASE_URL: "http://127.0.0.1:1/v0" } },
    {
      name: "unlucky",
      built: shipped,
      bindings: { ...session, SYNCTERA_API_KEY: unlucky.token, SYNCTERA_BASE_URL: unlucky.baseUrl },
    },
  ];
}

/** A session of the shape that the example takes; `claims` replace and add. */
export const session = (claims = {}, secret = SESSION_SECRET) =>
  signSession(secret, { sub: "user-17", role: "staff", aud: AUDIENCE, ...claims });

/** A client that talks to the sandbox itself; an undisturbed one where the sandbox disturbs. */
export const direct = ({ baseUrl, token }) =>
  new CustomersApi({ baseUrl, accessToken: token, headers: { "Sandbox-Fault": "delay=0" } });

/** A name that no other test has. */
export const newName = () => `Proxy-${randomUUID().slice(0, 8)}`;
