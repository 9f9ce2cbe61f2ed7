// `iterateCustomers`: which pages are requested, which customers are given out, and how it ends.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, it } from "node:test";
import fc from "fast-check";
import { BASE, CustomersApi, ID, LAX, TOKEN, errorOf, findings, rejected, respond } from "./client.mjs";

/** A page: the ids of its customers, and the token of the next one. */
const page = (ids, next) => ({ customers: ids.map((id) => ({ id, status: "ACTIVE" })), next_page_token: next });

/** Pages of these ids, each but the last with a token that leads to the next. */
const chain = (...pages) =>
  Object.fromEntries(pages.map((ids, at) => [at === 0 ? "" : `t${at}`, page(ids, at + 1 < pages.length ? `t${at + 1}` : undefined)]));

/**
 * A client of a server that has these pages by their tokens. `requests` holds the token and the limit of each
 * request; `answer` may give another response, by the number of the request from 1.
 */
function serve(pages, options, answer = () => undefined) {
  const requests = [];
  const signals = [];
  const fetch = async (url, init) => {
    const query = new URL(url).searchParams;
    const token = query.get("page_token") ?? "";
    requests.push({ token, limit: Number(query.get("limit")), query, headers: init.headers });
    signals.push(init.signal);
    return (await answer(requests.length, init)) ?? respond(200, pages[token]);
  };
  const api = new CustomersApi({ accessToken: TOKEN, baseUrl: BASE, maxRetries: 0, fetch, ...options });
  return { api, requests, signals, tokens: () => requests.map(({ token }) => token) };
}

/** The ids that a loop gives out. */
async function idsOf(iteration) {
  const ids = [];
  for await (const { id } of iteration) ids.push(id);
  return ids;
}

const never = () => new Promise(() => {});
const failed = () => respond(503, {});
const soon = () => new Promise((done) => setTimeout(done, 5));
const THREE = chain(["a", "b", "c"], ["d", "e", "f"], ["g"]);
const ALL = ["a", "b", "c", "d", "e", "f", "g"];

describe("an iteration gives every customer once", () => {
  for (const [name, pages, ids, tokens] of [
    ["one page", chain(["a", "b"]), ["a", "b"], [""]],
    ["several pages", THREE, ALL, ["", "t1", "t2"]],
    ["a last page whose token is null", { "": page(["a"], null) }, ["a"], [""]],
    ["a last page whose token is empty", { "": page(["a"], "x"), x: page(["b"], "") }, ["a", "b"], ["", "x"]],
    ["no customer at all", chain([]), [], [""]],
    ["empty pages with tokens at the beginning", chain([], [], ["a"]), ["a"], ["", "t1", "t2"]],
    ["empty pages with tokens in the middle", chain(["a"], [], [], ["b"]), ["a", "b"], ["", "t1", "t2", "t3"]],
    ["an empty page at the end", chain(["a"], []), ["a"], ["", "t1"]],
    ["short pages with tokens", chain(["a"], ["b", "c"], ["d"]), ["a", "b", "c", "d"], ["", "t1", "t2"]],
    ["a token of any characters", { "": page(["a"], "é-+/= &\n-"), "é-+/= &\n-": page(["b"]) }, ["a", "b"], ["", "é-+/= &\n-"]],
  ]) {
    for (const prefetch of [false, true]) {
      it(`of ${name}${prefetch ? ", with prefetch" : ""}`, async () => {
        const server = serve(pages);
        const iteration = server.api.iterateCustomers({}, { prefetch });
        assert.deepEqual(await idsOf(iteration), ids);
        assert.deepEqual(server.tokens(), tokens);
        assert.equal(iteration.done, true);
      });
      it(`of ${name}, page by page and never an empty one${prefetch ? ", with prefetch" : ""}`, async () => {
        const found = [];
        for await (const customers of serve(pages).api.iterateCustomers(undefined, { prefetch }).pages()) {
          assert.ok(customers.length > 0);
          found.push(...customers.map(({ id }) => id));
        }
        assert.deepEqual(found, ids);
      });
    }
  }

  it("as the object that the host parsed", async () => {
    const customer = { id: ID, status: "ACTIVE" };
    const fetch = async () => ({ status: 200, json: async () => ({ customers: [customer] }) });
    const { value } = await new CustomersApi({ accessToken: TOKEN, fetch }).iterateCustomers().next();
    assert.equal(value, customer);
  });

  it("though Object.prototype has a page token", async () => {
    Object.prototype.next_page_token = "polluted";
    try {
      assert.deepEqual(await idsOf(serve(chain(["a"])).api.iterateCustomers()), ["a"]);
    } finally {
      delete Object.prototype.next_page_token;
    }
  });
});

describe("what is requested", () => {
  for (const [options, limit] of [
    [undefined, 100],
    [null, 100],
    [{}, 100],
    [{ pageSize: 1 }, 1],
    [{ pageSize: 100 }, 100],
    [{ maxItems: 5 }, 5],
    [{ maxItems: 1000 }, 100],
    [{ maxItems: 5, pageSize: 50 }, 50],
    [{ cursor: "20-3-t1" }, 20],
    [{ cursor: "20-3-t1", maxItems: 2 }, 20],
    [{ cursor: "20-3-t1", pageSize: 50 }, 20],
  ]) {
    it(`asks for ${limit} customers a page with ${JSON.stringify(options)}`, async () => {
      const { api, requests } = serve(THREE);
      await idsOf(api.iterateCustomers({}, options));
      assert.ok(requests.length > 0);
      for (const request of requests) assert.equal(request.limit, limit);
    });
  }

  it("is nothing before the first customer is wanted", async () => {
    const { api, requests } = serve(THREE);
    const iteration = api.iterateCustomers({}, { prefetch: true });
    await soon();
    assert.equal(requests.length, 0);
    assert.deepEqual([iteration.cursor, iteration.done], [undefined, false]);
  });

  it("has the filters, the order and the options of the call on every page, as they were when it began", async () => {
    const { api, requests } = serve(THREE);
    const params = { last_name: "Quay", sort_by: ["last_name:asc"] };
    const options = { accessToken: "of-the-user", headers: { "x-team": "onboarding" }, pageSize: 3 };
    const iteration = api.iterateCustomers(params, options);
    params.last_name = "changed";
    params.sort_by.push("first_name:asc");
    options.headers["x-team"] = "changed";
    options.accessToken = "changed";
    await idsOf(iteration);
    assert.equal(requests.length, 3);
    for (const { query, headers } of requests) {
      assert.deepEqual([query.get("last_name"), query.get("sort_by")], ["Quay", "last_name:asc"]);
      assert.deepEqual([headers.authorization, headers["x-team"]], ["Bearer of-the-user", "onboarding"]);
    }
  });

  it("is the next page only once its first customer is wanted", async () => {
    const { api, tokens } = serve(THREE);
    const iteration = api.iterateCustomers();
    for (let count = 0; count < 3; count += 1) await iteration.next();
    await soon();
    assert.deepEqual(tokens(), [""]);
    await iteration.next();
    assert.deepEqual(tokens(), ["", "t1"]);
  });

  it("is one page ahead with prefetch, and no more", async () => {
    const { api, tokens } = serve(THREE);
    const iteration = api.iterateCustomers({}, { prefetch: true });
    await iteration.next();
    await soon();
    assert.deepEqual(tokens(), ["", "t1"]);
    for (let count = 0; count < 3; count += 1) await iteration.next();
    assert.deepEqual(tokens(), ["", "t1", "t2"]);
  });

  it("is no page ahead that maxItems does not need", async () => {
    for (const maxItems of [2, 3]) {
      const { api, tokens } = serve(THREE);
      await idsOf(api.iterateCustomers({}, { prefetch: true, maxItems }));
      assert.deepEqual(tokens(), [""]);
    }
  });

  it("retries a page as listCustomers does", async () => {
    const { api, tokens } = serve(THREE, { maxRetries: 1 }, (count) => (count === 2 ? respond(429, {}, { "retry-after": "0" }) : undefined));
    assert.deepEqual(await idsOf(api.iterateCustomers()), ALL);
    assert.deepEqual(tokens(), ["", "t1", "t1", "t2"]);
  });
});

describe("maxItems", () => {
  for (const [maxItems, tokens, cursor, done] of [
    [1, [""], "1-1-", false],
    [2, [""], "2-2-", false],
    [3, [""], "3-0-t1", false],
    [4, ["", "t1"], "4-1-t1", false],
    [6, ["", "t1"], "6-0-t2", false],
    [7, ["", "t1", "t2"], "7-1-t2", true],
    [8, ["", "t1", "t2"], "8-1-t2", true],
  ]) {
    it(`of ${maxItems} gives that many over all pages, if there are`, async () => {
      const server = serve(THREE);
      const iteration = server.api.iterateCustomers({}, { maxItems });
      assert.deepEqual(await idsOf(iteration), ALL.slice(0, maxItems));
      assert.deepEqual(server.tokens(), tokens);
      assert.deepEqual([iteration.cursor, iteration.done], [cursor, done]);
      const rest = serve(THREE).api.iterateCustomers({}, { cursor: iteration.cursor });
      assert.deepEqual(await idsOf(rest), ALL.slice(maxItems));
      const parts = [];
      for await (const customers of serve(THREE).api.iterateCustomers({}, { maxItems }).pages()) parts.push(...customers);
      assert.deepEqual(parts.map(({ id }) => id), ALL.slice(0, maxItems));
    });
  }
});

describe("a page token that was met before", () => {
  for (const [distance, pages, ids] of [
    [1, { "": page(["a"], "x"), x: page(["b"], "x") }, ["a", "b"]],
    [2, { "": page(["a"], "x"), x: page(["b"], "y"), y: page(["c"], "x") }, ["a", "b", "c"]],
    [3, { "": page(["a"], "x"), x: page([], "y"), y: page(["b"], "z"), z: page(["c"], "x") }, ["a", "b", "c"]],
  ]) {
    for (const prefetch of [false, true]) {
      it(`at a distance of ${distance} is a DecodeError after the page's customers${prefetch ? ", with prefetch" : ""}`, async () => {
        const { api, requests } = serve(pages);
        const iteration = api.iterateCustomers({}, { prefetch });
        for (const id of ids) assert.equal((await iteration.next()).value.id, id);
        for (let again = 0; again < 2; again += 1) {
          const error = await errorOf(() => iteration.next());
          assert.equal(error.name, "DecodeError", error.stack);
          assert.deepEqual([error.problem, error.operation, error.status, error.outcome], ["repeated_page_token", "listCustomers", 200, "unknown"]);
          assert.match(error.message, /^listCustomers: the next_page_token leads back to an earlier page\.$/);
          assert.equal(error.body.next_page_token, "x");
          assert.equal(typeof error.headers, "object");
        }
        assert.equal(requests.length, Object.keys(pages).length);
        assert.equal(iteration.done, false);
      });
    }
  }

  it("is found again from a cursor", async () => {
    const error = await errorOf(() => idsOf(serve({ x: page(["b"], "x") }).api.iterateCustomers({}, { cursor: "100-0-x" })));
    assert.equal(error.problem, "repeated_page_token");
  });

  it("does not matter where no further page is wanted", async () => {
    const { api } = serve({ "": page(["a"], "x"), x: page(["b"], "x") });
    assert.deepEqual(await idsOf(api.iterateCustomers({}, { maxItems: 2 })), ["a", "b"]);
  });

  for (const token of [5, 0, false, true, {}, ["x"]]) {
    it(`that is no string, but ${JSON.stringify(token)}, is an error and no end`, async () => {
      for (const prefetch of [false, true]) {
        const { api } = serve({ "": page(["a"], token) });
        const iteration = api.iterateCustomers({}, { prefetch });
        assert.equal((await iteration.next()).value.id, "a");
        const error = await errorOf(() => iteration.next());
        assert.deepEqual([error.name, error.operation, error.argument], ["ValidationError", "listCustomers", "params"]);
        assert.match(error.message, /params\.page_token: /);
        assert.equal(iteration.done, false);
      }
    });
  }
});

describe("a loop that is left", () => {
  const leave = async (iteration) => {
    for await (const customer of iteration) return customer.id;
  };

  it("requests nothing more, and its cursor leads to the next customer", async () => {
    const { api, tokens } = serve(THREE);
    const iteration = api.iterateCustomers();
    assert.equal(await leave(iteration), "a");
    await soon();
    assert.deepEqual(tokens(), [""]);
    assert.deepEqual([iteration.cursor, iteration.done], ["100-1-", false]);
    assert.deepEqual(await iteration.next(), { done: true, value: undefined });
  });

  it("by its own error passes that error on", async () => {
    const mine = new Error("mine");
    const iteration = serve(THREE).api.iterateCustomers();
    const error = await errorOf(async () => {
      for await (const _ of iteration) throw mine;
    });
    assert.equal(error, mine);
  });

  it("aborts the page that was requested ahead, and leaves no listener on the caller's signal", async () => {
    const { signal } = new AbortController();
    const { api, signals } = serve(THREE, {}, (count) => (count === 2 ? never() : undefined));
    await leave(api.iterateCustomers({}, { prefetch: true, signal }));
    assert.equal(signals.length, 2);
    assert.deepEqual(signals.map(({ aborted }) => aborted), [false, true]);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });

  it("aborts the page on its way, and a caller that waits for it gets the end of the iteration", async () => {
    const { api, signals } = serve(THREE, {}, never);
    const iteration = api.iterateCustomers();
    const waiting = [iteration.next(), iteration.next(), iteration.pages().next()];
    await soon();
    assert.deepEqual(await iteration.return(), { done: true, value: undefined });
    for (const result of await Promise.all(waiting)) assert.deepEqual(result, { done: true, value: undefined });
    assert.equal(signals[0].aborted, true);
    assert.equal(iteration.cursor, undefined);
  });

  it("over its pages does the same", async () => {
    const { api, signals } = serve(THREE, {}, (count) => (count === 2 ? never() : undefined));
    const iteration = api.iterateCustomers({}, { prefetch: true });
    for await (const _ of iteration.pages()) break;
    assert.equal(signals[1].aborted, true);
    assert.equal(iteration.cursor, "100-0-t1");
  });

  it("has listened to the caller's signal only while a page was on its way", async () => {
    const { signal } = new AbortController();
    const { api } = serve(THREE);
    const iteration = api.iterateCustomers({}, { signal });
    const count = () => getEventListeners(signal, "abort").length;
    assert.equal(count(), 0);
    const first = iteration.next();
    await Promise.resolve();
    await first;
    assert.equal(count(), 0);
  });

  it("keeps one listener on a signal that many iterations share", async () => {
    const { signal } = new AbortController();
    const { api } = serve(THREE, {}, never);
    const iterations = Array.from({ length: 20 }, () => api.iterateCustomers({}, { signal }));
    const waiting = iterations.map((iteration) => iteration.next());
    await soon();
    assert.equal(getEventListeners(signal, "abort").length, 1);
    for (const iteration of iterations) await iteration.return();
    await Promise.all(waiting);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });
});

describe("a second loop", () => {
  const message = /^iterateCustomers: this: an iteration that is over, expected a new one, from its cursor\. Nothing was sent\.$/;

  for (const [name, first] of [
    ["that ended", (iteration) => idsOf(iteration)],
    ["that was left", async (iteration) => { for await (const _ of iteration) break; }],
    ["that reached maxItems", (iteration) => idsOf(iteration)],
    ["that toArray took", (iteration) => iteration.toArray({ max: 10 })],
  ]) {
    it(`over an iteration ${name} throws, so that it does not find nothing`, async () => {
      const iteration = serve(THREE).api.iterateCustomers({}, name.includes("maxItems") ? { maxItems: 2 } : {});
      await first(iteration);
      for (const again of [() => idsOf(iteration), () => idsOf(iteration.pages()), () => iteration.toArray({ max: 10 })]) {
        const error = await errorOf(again);
        assert.deepEqual([error.name, error.argument, error.outcome], ["ValidationError", "this", "not_sent"]);
        assert.match(error.message, message);
      }
    });
  }

  it("at the same time shares the customers", async () => {
    const iteration = serve(THREE).api.iterateCustomers();
    const parts = await Promise.all([idsOf(iteration), idsOf(iteration)]);
    assert.deepEqual(parts.flat().sort(), ALL);
  });

  it("after an error of a page goes on with that page", async () => {
    const { api } = serve(THREE, {}, (count) => (count === 2 ? failed() : undefined));
    const iteration = api.iterateCustomers();
    const ids = [];
    const loop = async () => { for await (const { id } of iteration) ids.push(id); };
    assert.equal((await errorOf(loop)).name, "ApiError");
    await loop();
    assert.deepEqual(ids, ALL);
  });
});

describe("an error of a page", () => {
  for (const at of [1, 2, 3]) {
    for (const prefetch of [false, true]) {
      it(`is that of listCustomers, and loses no customer: request ${at}${prefetch ? ", with prefetch" : ""}`, async () => {
        const { api } = serve(THREE, {}, (count) => (count === at ? failed() : undefined));
        const iteration = api.iterateCustomers({}, { prefetch });
        const ids = [];
        const error = await errorOf(async () => { for await (const { id } of iteration) ids.push(id); });
        assert.deepEqual([error.name, error.operation, error.status, error.attempts], ["ApiError", "listCustomers", 503, 1]);
        assert.deepEqual(ids, ALL.slice(0, (at - 1) * 3));
        assert.equal(iteration.done, false);
        const rest = await idsOf(api.iterateCustomers({}, { cursor: iteration.cursor }));
        assert.deepEqual([...ids, ...rest], ALL);
      });
    }
  }

  it("that was requested ahead is no unhandled rejection, and comes when its customers are wanted", async () => {
    const unhandled = [];
    const keep = (reason) => unhandled.push(reason);
    process.on("unhandledRejection", keep);
    const { api } = serve(THREE, {}, (count) => (count === 2 ? failed() : undefined));
    const iteration = api.iterateCustomers({}, { prefetch: true });
    await iteration.next();
    await soon();
    await iteration.next();
    await iteration.next();
    const error = await errorOf(() => iteration.next());
    await soon();
    process.off("unhandledRejection", keep);
    assert.equal(error.status, 503);
    assert.deepEqual(unhandled, []);
  });

  it("names next and the caller's functions in its stack", async () => {
    const theCaller = async (iteration) => {
      for await (const _ of iteration) assert.fail("there is no customer");
    };
    const error = await errorOf(() => theCaller(serve({}, {}, failed).api.iterateCustomers()));
    assert.match(error.stack, /\bnext\b[^]*\btheCaller\b/);
    const thrown = await errorOf(function theOther() { serve({}).api.iterateCustomers({ limit: 5 }); });
    assert.match(thrown.stack, /\biterateCustomers\b[^]*\btheOther\b/);
  });

  it("is logged once, when it is thrown", async () => {
    const lines = [];
    const logger = { debug() {}, info() {}, warn() {}, error: (message) => lines.push(message) };
    const { api } = serve({}, { logger }, failed);
    await errorOf(() => api.iterateCustomers().next());
    assert.equal(lines.length, 1);
    assert.match(lines[0], /^synctera-customers: listCustomers failed: 503/);
  });

  it("is an AbortError after an abort, with its reason; the cursor stays", async () => {
    const controller = new AbortController();
    const { api, signals } = serve(THREE, {}, (count) => (count === 2 ? never() : undefined));
    const iteration = api.iterateCustomers({}, { signal: controller.signal });
    for (let count = 0; count < 3; count += 1) await iteration.next();
    const waiting = errorOf(() => iteration.next());
    await soon();
    controller.abort("enough");
    const error = await waiting;
    assert.deepEqual([error.name, error.operation, error.reason], ["AbortError", "listCustomers", "enough"]);
    assert.equal(signals[1].aborted, true);
    assert.equal(iteration.cursor, "100-0-t1");
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    assert.equal((await errorOf(() => iteration.next())).name, "AbortError");
  });

  it("is a TimeoutError where a page takes longer than timeoutMs", async () => {
    const error = await errorOf(() => serve(THREE, {}, never).api.iterateCustomers({}, { timeoutMs: 10 }).next());
    assert.deepEqual([error.name, error.timeoutMs], ["TimeoutError", 10]);
  });

  it("is typed after free()", async () => {
    const { api } = serve(THREE);
    const iteration = api.iterateCustomers();
    await iteration.next();
    api.free();
    assert.deepEqual([(await iteration.next()).value.id, (await iteration.next()).value.id], ["b", "c"]);
    const error = await errorOf(() => iteration.next());
    assert.deepEqual([error.name, error.outcome], ["SyncteraError", "not_sent"]);
    assert.throws(() => api.iterateCustomers(), { name: "SyncteraError", operation: "iterateCustomers", outcome: "not_sent" });
  });
});

describe("calls of next at the same time", () => {
  it("are served in the order in which they were made", async () => {
    for (const prefetch of [false, true]) {
      const iteration = serve(THREE).api.iterateCustomers({}, { prefetch });
      const results = await Promise.all(Array.from({ length: 10 }, () => iteration.next()));
      assert.deepEqual(results.map(({ value }) => value?.id), [...ALL, undefined, undefined, undefined]);
      assert.deepEqual(results.map(({ done }) => done), [...ALL.map(() => false), true, true, true]);
    }
  });

  it("are served in order, at whatever moment further ones are made", async () => {
    for (let ticks = 0; ticks < 40; ticks += 1) {
      const iteration = serve(THREE).api.iterateCustomers();
      const order = [];
      const take = (name) => iteration.next().then(({ value }) => order.push([name, value.id]));
      const taken = [take(0), take(1)];
      for (let tick = 0; tick < ticks; tick += 1) await null;
      taken.push(take(2), take(3));
      await Promise.all(taken);
      assert.deepEqual(order, [[0, "a"], [1, "b"], [2, "c"], [3, "d"]], `after ${ticks} ticks`);
    }
  });

  it("of which one fails go on with the page after that", async () => {
    const { api } = serve(THREE, {}, (count) => (count === 1 ? failed() : undefined));
    const iteration = api.iterateCustomers();
    const [first, second] = await Promise.allSettled([iteration.next(), iteration.next()]);
    assert.equal(first.reason.name, "ApiError");
    assert.equal(second.value.value.id, "a");
  });

  it("and of pages share the customers", async () => {
    const iteration = serve(THREE).api.iterateCustomers();
    const one = await iteration.next();
    const pages = iteration.pages();
    const [rest, next] = await Promise.all([pages.next(), pages.next()]);
    assert.deepEqual([one.value.id, rest.value.map(({ id }) => id), next.value.map(({ id }) => id)], ["a", ["b", "c"], ["d", "e", "f"]]);
    assert.equal((await iteration.next()).value.id, "g");
    assert.deepEqual(await pages.next(), { done: true, value: undefined });
  });
});

describe("a cursor", () => {
  it("leads from every customer to the next one", async () => {
    const iteration = serve(THREE).api.iterateCustomers({}, { pageSize: 3 });
    const cursors = [undefined];
    for await (const _ of iteration) cursors.push(iteration.cursor);
    assert.deepEqual(cursors, [undefined, "3-1-", "3-2-", "3-0-t1", "3-1-t1", "3-2-t1", "3-0-t2", "3-1-t2"]);
    for (const [given, cursor] of cursors.entries()) {
      const server = serve(THREE);
      const rest = server.api.iterateCustomers({}, { cursor });
      assert.equal(rest.cursor, cursor);
      assert.deepEqual(await idsOf(rest), ALL.slice(given));
      assert.equal(server.tokens()[0], cursor?.split("-")[2] ?? "");
    }
  });

  it("at the end leads to what was added since", async () => {
    const iteration = serve(THREE).api.iterateCustomers();
    await idsOf(iteration);
    const grown = { ...THREE, t2: page(["g", "h"]) };
    assert.deepEqual(await idsOf(serve(grown).api.iterateCustomers({}, { cursor: iteration.cursor })), ["h"]);
  });

  it("into a page that has become shorter goes on after it", async () => {
    const shorter = { ...THREE, t1: page(["d"], "t2") };
    assert.deepEqual(await idsOf(serve(shorter).api.iterateCustomers({}, { cursor: "100-2-t1" })), ["g"]);
  });

  it("resumes any list anywhere, and again, without losing or repeating a customer", async () => {
    const lists = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 8 });
    const runs = fc.infiniteStream(fc.record({ take: fc.integer({ min: 1, max: 7 }), by: fc.constantFrom("next", "pages", "maxItems", "error"), prefetch: fc.boolean() }));
    await fc.assert(
      fc.asyncProperty(lists, runs, async (lengths, settings) => {
        let number = 0;
        const pages = chain(...lengths.map((length) => Array.from({ length }, () => String(number++))));
        const ids = [];
        let cursor;
        for (const { take, by, prefetch } of settings) {
          const { api } = serve(pages, {}, (count) => (by === "error" && count === take ? failed() : undefined));
          const iteration = api.iterateCustomers({}, { cursor, prefetch, ...(by === "maxItems" && { maxItems: take, pageSize: cursor ? undefined : 9 }) });
          let left = take;
          try {
            if (by === "pages") {
              for await (const customers of iteration.pages()) {
                ids.push(...customers.map(({ id }) => id));
                if ((left -= 1) === 0) break;
              }
            } else {
              for await (const { id } of iteration) {
                ids.push(id);
                if (by === "next" && (left -= 1) === 0) break;
              }
            }
          } catch (error) {
            assert.equal(error.status, 503);
            // A run that fails at its first page does not move.
            if (take === 1 && ids.length === 0 && cursor === undefined) assert.equal(iteration.cursor, undefined);
          }
          cursor = iteration.cursor;
          if (iteration.done) break;
        }
        assert.deepEqual(ids, Array.from({ length: number }, (_, id) => String(id)));
      }),
      { numRuns: 200 },
    );
  });
});

describe("toArray", () => {
  it("gives all customers, as many as max at most", async () => {
    for (const max of [7, 8, 1_000_000]) {
      const iteration = serve(THREE).api.iterateCustomers();
      assert.deepEqual((await iteration.toArray({ max })).map(({ id }) => id), ALL);
      assert.equal(iteration.done, true);
    }
  });

  it("gives those that are left", async () => {
    const iteration = serve(THREE).api.iterateCustomers({}, { maxItems: 5 });
    await iteration.next();
    assert.deepEqual((await iteration.toArray({ max: 4 })).map(({ id }) => id), ["b", "c", "d", "e"]);
  });

  for (const max of [1, 2, 3, 6]) {
    it(`fails where there are more than ${max}, and leads back to where it began`, async () => {
      const { api, requests } = serve(THREE);
      const iteration = api.iterateCustomers();
      const error = await errorOf(() => iteration.toArray({ max }));
      assert.deepEqual([error.name, error.operation, error.argument, error.outcome], ["ValidationError", "toArray", "options", "unknown"]);
      assert.equal(error.message, "toArray: options.max: fewer than there are customers, expected a larger number, or a loop. It is safe to repeat.");
      assert.deepEqual(error.issues, [{ path: "options.max", found: "fewer than there are customers", expected: "a larger number, or a loop" }]);
      assert.equal(error.attempts, requests.length);
      assert.deepEqual([iteration.cursor, iteration.done], [undefined, false]);
    });
  }

  it("after an error leads back to where it began", async () => {
    const { api } = serve(THREE, {}, (count) => (count === 3 ? failed() : undefined));
    const iteration = api.iterateCustomers();
    await iteration.next();
    assert.equal((await errorOf(() => iteration.toArray({ max: 10 }))).status, 503);
    assert.equal(iteration.cursor, "100-1-");
    assert.deepEqual((await api.iterateCustomers({}, { cursor: iteration.cursor }).toArray({ max: 10 })).map(({ id }) => id), ALL.slice(1));
  });

  for (const [options, word] of [
    [undefined, "missing"],
    [null, "missing"],
    [5, "missing"],
    [{}, "missing"],
    [{ max: undefined }, "missing"],
    [{ max: 0 }, "number"],
    [{ max: 1.5 }, "number"],
    [{ max: Infinity }, "number"],
    [{ max: "5" }, "string"],
    [{ max: 5, limit: 5 }, "number"],
    [{ get max() { throw new Error("mine"); } }, "missing"],
  ]) {
    it(`rejects with a ValidationError where max is ${word}`, async () => {
      const { api, requests } = serve(THREE);
      const promise = api.iterateCustomers().toArray(options);
      assert.ok(promise instanceof Promise);
      assert.deepEqual(await findings(() => promise), [`options.max: ${word}, expected a whole number from 1 and nothing else`]);
      assert.equal(requests.length, 0);
    });
  }
});

describe("arguments that cannot be right", () => {
  const NAMES = "one of signal, timeoutMs, maxRetries, maxRetryDelayMs, headers, accessToken, pageSize, maxItems, cursor, prefetch";
  for (const [params, options, line] of [
    [{ limit: 5 }, {}, "params.limit: number, expected nothing: see the options pageSize, maxItems and cursor"],
    [{ limit: null }, {}, "params.limit: null, expected"],
    [{ page_token: "x" }, {}, "params.page_token: string, expected nothing: see the options pageSize, maxItems and cursor"],
    [{ last_nam: "x" }, {}, "params.last_nam: an unknown name, expected a known name; did you mean last_name?"],
    [{ status: "ACTVE" }, {}, "params.status: a string of 5 characters, expected one of ACTIVE, "],
    ["status=ACTIVE", {}, "params: string, expected object"],
    [new Map(), {}, "params: a Map, expected object"],
    [{ get status() { throw new Error("mine"); } }, {}, "params: an object that cannot be read, expected plain data"],
    [{}, { pageSize: 0 }, "options.pageSize: 0, expected a whole number from 1 to 100"],
    [{}, { pageSize: 101 }, "options.pageSize: a number that is too large, expected a whole number from 1 to 100"],
    [{}, { pageSize: 1.5 }, "options.pageSize: a fraction, expected"],
    [{}, { pageSize: "5" }, "options.pageSize: string, expected"],
    [{}, { maxItems: 0 }, "options.maxItems: 0, expected a whole number from 1"],
    [{}, { maxItems: Infinity }, "options.maxItems: a number that is too large, expected a whole number from 1"],
    [{}, { cursor: "" }, "options.cursor: an empty string, expected the cursor of an iteration"],
    [{}, { cursor: "t1" }, "options.cursor: a string of 2 characters, expected the cursor of an iteration"],
    [{}, { cursor: "101-0-t1" }, "options.cursor: a string of 8 characters, expected"],
    [{}, { cursor: null }, "options.cursor: null, expected"],
    [{}, { prefetch: 1 }, "options.prefetch: number, expected boolean"],
    [{}, { limit: 5 }, `options.limit: an unknown name, expected ${NAMES}`],
    [{}, { page_size: 5 }, "options.page_size: an unknown name, expected a known name; did you mean pageSize?"],
    [{}, { idempotencyKey: "k" }, "options.idempotencyKey: an unknown name, expected"],
    [{}, { signal: {} }, "options.signal: object, expected an AbortSignal"],
    [{}, { timeoutMs: 0 }, "options.timeoutMs: 0, expected"],
    [{}, { headers: { authorization: "x" } }, "options.headers: a header that the client sets, expected it to be left out"],
    [{}, 5, "options: number, expected object"],
    [{}, new Map(), "options: a Map, expected object"],
    [{}, { get pageSize() { throw new Error("mine"); } }, "options: an object that cannot be read, expected plain data"],
  ]) {
    it(`throw a ValidationError: ${line}`, async () => {
      const [found] = await rejected((api) => api.iterateCustomers(params, options));
      assert.ok(found.startsWith(line), found);
      assert.throws(() => serve({}).api.iterateCustomers(params, options), { name: "ValidationError", operation: "iterateCustomers" });
    });
  }

  it("of paging are rejected also where arguments are not checked", async () => {
    for (const params of [{ limit: 5 }, { page_token: "x" }]) await rejected((api) => api.iterateCustomers(params), LAX);
    const { api, requests } = serve(chain(["a"]), LAX);
    await idsOf(api.iterateCustomers({ status: "NEW" }));
    assert.equal(requests[0].query.get("status"), "NEW");
  });

  it("that are left out or undefined are none", async () => {
    const { api } = serve(THREE);
    for (const [params, options] of [[], [null, null], [{ limit: undefined, page_token: undefined }, { cursor: undefined, pageSize: undefined }]]) {
      assert.deepEqual(await idsOf(api.iterateCustomers(params, options)), ALL);
    }
  });

  it("are named without the client, too", () => {
    const { iterateCustomers } = serve({}).api;
    assert.throws(() => iterateCustomers(), { name: "ValidationError", argument: "this", operation: "iterateCustomers" });
  });
});

describe("an iteration", () => {
  it("shows its cursor and nothing of its customers, filters or token when it is printed", async () => {
    const { inspect } = await import("node:util");
    const iteration = serve(THREE).api.iterateCustomers({ last_name: "Quay" }, { pageSize: 3, accessToken: "of-the-user" });
    for (let count = 0; count < 4; count += 1) await iteration.next();
    const shown = inspect(iteration, { showHidden: true, depth: 9 }) + JSON.stringify(iteration);
    assert.doesNotMatch(shown, /Quay|of-the-user|ACTIVE/);
    assert.equal(JSON.stringify(iteration), '{"cursor":"3-1-t1","done":false}');
  });
});
