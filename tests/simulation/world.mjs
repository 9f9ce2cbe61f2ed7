// Carries a plan out: clients and sandbox in one process, on the sandbox's clock. Gives what went against the
// client's promises.
import { numbers } from "./plan.mjs";

/** What a call may take beyond its deadline, in milliseconds: none but for rounding. */
const SLACK_MS = 1;

/** What a token function takes at most. */
const TOKEN_MS = 20;

/**
 * @param {{ CustomersApi: any, isSyncteraError: any, createSandbox: any, createCustomers: any }} parts
 * @param {import("./plan.mjs").Plan} plan
 * @returns {Promise<string[]>} what is wrong
 */
export async function carryOut(parts, plan) {
  const world = new World(parts, plan);
  await world.run();
  return world.wrong;
}

class World {
  wrong = [];
  /** Creates by the last name of their customer: `{ key, outcome, id }`. */
  creates = new Map();
  /** The middle name that a customer must have at the end: the last one that was acknowledged, and those of which nothing is known. */
  values = new Map();
  bulks = [];
  timers = 0;

  constructor(parts, plan) {
    this.parts = parts;
    this.plan = plan;
    this.random = numbers(plan.seed ^ 0x5eed);
    this.sandbox = parts.createSandbox({ seed: plan.seed, customers: 5 });
    this.clients = plan.clients.map((options) => this.client(options));
    // Changed by one call at a time, so that the order of the changes is known.
    this.free = this.sandbox.customers.map(({ id }) => id);
  }

  check(holds, what) {
    if (!holds) this.wrong.push(what);
  }

  sleep(ms) {
    return new Promise((resolve) => this.sandbox.clock.setTimeout(resolve, ms));
  }

  client({ timeoutMs, maxRetries, maxConcurrent, maxRequestsPerSecond, throttleMs, tokenLastsMs }) {
    const { clock, token } = this.sandbox;
    const watch = { inFlight: new Set(), lastStart: -Infinity, timeoutMs };
    const ours = {
      now: clock.now,
      random: clock.random,
      setTimeout: (run, ms) => {
        this.timers += 1;
        const timer = { isOver: false };
        timer.inner = clock.setTimeout(() => {
          if (!timer.isOver) this.timers -= 1;
          timer.isOver = true;
          run();
        }, ms);
        return timer;
      },
      clearTimeout: (timer) => {
        if (timer === undefined) return;
        if (!timer.isOver) this.timers -= 1;
        timer.isOver = true;
        clock.clearTimeout(timer.inner);
      },
    };
    let asked = 0;
    const accessToken = async () => {
      await this.sleep(this.random.below(TOKEN_MS));
      asked += 1;
      // Now and then the function gives one that has expired meanwhile.
      return tokenLastsMs !== undefined && asked % 3 === 0 ? "expired" : token;
    };
    const options = { maxRetries, timeoutMs, maxConcurrent, maxRequestsPerSecond, clock: ours };
    if (throttleMs !== undefined) options.throttle = () => this.sleep(throttleMs);
    const api = new this.parts.CustomersApi({
      ...options,
      accessToken: tokenLastsMs === undefined ? token : accessToken,
      fetch: (url, init) => this.fetch(url, init, watch, { maxConcurrent, maxRequestsPerSecond }),
    });
    return { api, watch };
  }

  /** The network: each direction takes a time, in which a request or its response may be given up. */
  async fetch(url, init, watch, { maxConcurrent, maxRequestsPerSecond }) {
    const { signal } = init;
    const now = this.sandbox.clock.now();
    const gap = 1_000 / (maxRequestsPerSecond ?? Infinity) - TOKEN_MS;
    this.check(now - watch.lastStart >= gap, `${now - watch.lastStart} ms between requests, ${gap} at least`);
    watch.lastStart = now;
    watch.inFlight.add(signal);
    // Once all that ends at this moment has ended.
    const most = maxConcurrent ?? Infinity;
    this.sleep(0).then(() => this.check(watch.inFlight.size <= most, `${watch.inFlight.size} requests in flight of ${most}`));
    const leave = () => watch.inFlight.delete(signal);
    signal.addEventListener("abort", leave, { once: true });
    try {
      await this.way(signal);
      const response = await this.sandbox.fetch(url, init);
      await this.way(signal);
      return response;
    } finally {
      leave();
    }
  }

  async way(signal) {
    const ms = Math.round(-Math.log(1 - this.random.next()) * this.plan.latencyMs);
    let onAbort;
    const given = new Promise((_, reject) => {
      onAbort = () => reject(signal.reason);
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort, { once: true });
    });
    try {
      await Promise.race([this.sleep(ms), given]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  async run() {
    const running = [];
    let now = 0;
    for (const step of this.plan.steps) {
      if (step.at > now) await this.sleep(step.at - now);
      now = step.at;
      if (step.fault) this.sandbox.fail({ on: step.on, times: step.times, fault: step.fault });
      else running.push(this.call(step).catch((error) => this.wrong.push(`step ${step.number}: ${error.stack}`)));
    }
    await Promise.all(running);
    await this.settle();
    this.judge();
    // Their functions lead back to them through the module, which no garbage collection sees.
    for (const { api } of this.clients) api.free();
  }

  async call(step) {
    const { api, watch } = this.clients[step.client];
    const { clock } = this.sandbox;
    const controller = new AbortController();
    if (step.abortAfterMs !== undefined) this.sleep(step.abortAfterMs).then(() => controller.abort());
    const options = { signal: controller.signal };
    const start = clock.now();
    const inTime = () => {
      const took = clock.now() - start;
      const limit = Math.min(watch.timeoutMs, step.abortAfterMs ?? Infinity) + SLACK_MS;
      this.check(took <= limit, `step ${step.number}: ${step.operation} took ${took} ms of ${limit}`);
    };
    if (step.operation === "createCustomer") return this.create(step, api, options).finally(inTime);
    if (step.operation === "patchCustomer" || step.operation === "updateCustomer") return this.change(step, api, options, inTime);
    if (step.operation === "bulk") return this.bulk(step, api);
    const id = this.sandbox.customers[0].id;
    const read = {
      getCustomer: async () => this.check((await api.getCustomer(id, options)).id === id, `step ${step.number}: another customer`),
      listCustomers: () => api.listCustomers({ limit: 3 }, options),
      iterateCustomers: () => api.iterateCustomers({ sort_by: ["creation_time:asc"] }, { ...options, pageSize: 2, maxItems: 5 }).toArray({ max: 5 }),
    }[step.operation];
    await read().catch((error) => this.expected(step, error));
    // An iteration has a deadline for each page.
    if (step.operation !== "iterateCustomers") inTime();
  }

  expected(step, error) {
    const known = this.parts.isSyncteraError(error);
    this.check(known, `step ${step.number}: ${String(error?.stack ?? error)}`);
    return known ? error.outcome : "unknown";
  }

  async create(step, api, options) {
    const name = `Step-${this.plan.seed}-${step.number}`;
    const body = { status: "PROSPECT", last_name: name };
    const create = { body, api, outcome: "unknown", key: step.hasKey ? name : undefined, id: undefined };
    this.creates.set(name, create);
    try {
      create.id = (await api.createCustomer(body, { ...options, idempotencyKey: create.key })).id;
      create.outcome = "created";
    } catch (error) {
      create.outcome = this.expected(step, error);
      create.key ??= error.idempotencyKey;
    }
  }

  async change(step, api, options, inTime) {
    const id = this.free.pop();
    if (id === undefined) return;
    const value = `Step ${step.number}`;
    const values = this.values.get(id) ?? { sure: this.sandbox.customers.find((customer) => customer.id === id).middle_name, unsure: [] };
    this.values.set(id, values);
    try {
      if (step.operation === "patchCustomer") await api.patchCustomer(id, { middle_name: value }, options);
      else await api.updateCustomer(id, { status: "PROSPECT", middle_name: value }, options);
      values.sure = value;
      values.unsure = [];
    } catch (error) {
      if (this.expected(step, error) === "unknown") values.unsure.push(value);
    }
    inTime();
    // What was given up may still arrive.
    await this.sleep(100_000);
    this.free.push(id);
  }

  /** A run that is ended half-way, and repeated until every row is done. */
  async bulk(step, api) {
    const entries = [];
    const checkpoint = { load: () => [...entries], append: async (entry) => void entries.push({ ...entry }) };
    const rows = Array.from({ length: step.rows }, (_, row) => `Bulk-${this.plan.seed}-${step.number}-${row}`);
    const reported = new Set();
    const run = (client, signal) =>
      this.parts.createCustomers(client, rows, {
        job: `job ${step.number}`,
        key: (row) => row,
        customer: (last_name) => ({ status: "PROSPECT", last_name }),
        checkpoint,
        concurrency: 3,
        signal,
        onResult: ({ row, outcome }) => void (outcome === "created" && reported.add(row)),
      });
    const controller = new AbortController();
    this.sleep(this.random.below(5_000)).then(() => controller.abort());
    await run(api, controller.signal).catch(() => undefined);
    this.bulks.push({ step, rows, run, reported });
  }

  /** Without faults: repeats what is unknown under its key, and ends bulk runs. */
  async settle() {
    await this.sleep(200_000);
    this.sent = JSON.stringify(this.sandbox.requests.map(({ body }) => JSON.parse(body ?? "{}").last_name));
    // Without the faults that are left.
    this.sandbox.restore(this.sandbox.snapshot());
    const { clock, fetch, token } = this.sandbox;
    const steady = new this.parts.CustomersApi({ accessToken: token, clock, fetch });
    for (const create of this.creates.values()) {
      if (create.outcome !== "unknown") continue;
      this.check(create.key !== undefined, "an unknown outcome without its key");
      create.id = (await steady.createCustomer(create.body, { idempotencyKey: create.key })).id;
      create.outcome = "created";
    }
    for (const { step, rows, run, reported } of this.bulks) {
      const { failed, unknown } = await run(steady);
      this.check(failed + unknown === 0, `step ${step.number}: ${failed} failed and ${unknown} unknown rows remain`);
      for (const row of rows) this.check(reported.has(row), `step ${step.number}: ${row} was never reported as created`);
    }
    steady.free();
  }

  judge() {
    const { customers } = this.sandbox;
    const found = new Map();
    for (const { last_name: name } of customers) found.set(name, (found.get(name) ?? 0) + 1);
    for (const [name, { outcome, id }] of this.creates) {
      const wanted = outcome === "created" ? 1 : 0;
      const count = found.get(name) ?? 0;
      this.check(count === wanted, `${name}: ${count} customers after ${outcome}`);
      if (outcome === "created") this.check(customers.some((customer) => customer.id === id), `${name}: acknowledged as ${id}, which is not there`);
      if (outcome === "not_sent") this.check(!this.sent.includes(`"${name}"`), `${name}: not_sent, but it was`);
    }
    for (const { step, rows } of this.bulks) {
      for (const row of rows) this.check(found.get(row) === 1, `step ${step.number}: ${found.get(row) ?? 0} customers of ${row}`);
    }
    for (const [id, { sure, unsure }] of this.values) {
      const { middle_name: value } = customers.find((customer) => customer.id === id);
      this.check([sure, ...unsure].includes(value), `${id}: the middle name is ${value}, not ${sure} or ${unsure.join(" or ")}`);
    }
    this.check(this.timers === 0, `${this.timers} timers are left`);
  }
}
