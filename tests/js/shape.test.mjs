// The kernel: whether a value fits a table, and how arguments are read.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  compile,
  bare,
  capture,
  define,
  describe as wordFor,
  fits,
  hasRequired,
  headerPairs,
  inherited,
  isObject,
  names,
  own,
  remove,
  snapshot,
  stringify,
} from "../../src/js/shape.js";
import { typeOf, types } from "./tables.mjs";

/** Says which value is meant in a failure. */
const label = (value) => {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
};

/** An object that throws whatever is asked of it. */
function thrower() {
  const trap = () => {
    throw new Error("a trap");
  };
  return new Proxy({}, Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((name) => [name, trap])));
}

class Person {
  status = "ACTIVE";
  #name = "Ottoline";
  get first_name() {
    return this.#name;
  }
  greet() {
    return `Hello ${this.#name}`;
  }
}
class Customer extends Person {
  get email() {
    return "o@example.com";
  }
}

const ADDRESS = { address_line_1: "12 Lantern Row", country_code: "US" };
const text = typeOf({ kind: "text" });

describe("fits", () => {
  const rows = [
    ["any text", text, ["", "x"], [undefined, null, 1, ["x"], Object("x")]],
    ["a text with a form", typeOf({ kind: "text", form: "^.{2}$" }), ["ab", "😀😀", "\n\n"], ["", "abc", "😀", 12]],
    ["a value of a list", typeOf({ kind: "enum", values: ["A", "B"] }), ["A", "B"], ["C", "a", "", 0, undefined, ["A"]]],
    ["true or false", typeOf({ kind: "boolean" }), [true, false], ["true", 0, null, Object(true)]],
    ["a whole number", typeOf({ kind: "number", minimum: 1, maximum: 2 ** 53 - 1, whole: true }), [1, 250, 2 ** 53 - 1],
      [0, -1, 1.5, 2 ** 53, NaN, Infinity, "10", 10n, Object(1)]],
    ["a number", typeOf({ kind: "number", minimum: Number.MIN_VALUE }), [0.5, 1e300, Infinity], [0, -0, -1, NaN, "1", null]],
    ["a list", typeOf({ kind: "list", item: { kind: "text" } }), [[], ["a"], ["a", "b"]], [undefined, "a", {}, [1], ["a", undefined], [, "a"]]],
    ["a list that must not be empty", typeOf({ kind: "list", item: { kind: "text" }, filled: true }), [["a"]], [[]]],
    ["any object", typeOf({ kind: "free" }), [{}, { a: 1 }, Object.create(null), new Person()],
      [null, [], "x", new Map(), new Date(), Promise.resolve(), () => 1]],
    ["a function", typeOf({ kind: "host", callable: true, methods: [] }), [() => 1, class {}], [{}, "x", null, undefined]],
    ["a function or an object with a method", typeOf({ kind: "host", callable: true, methods: ["fetch"] }),
      [() => 1, { fetch() {} }, Object.create({ fetch() {} })], [{}, { fetch: 1 }, "x", null]],
    ["an object with methods", typeOf({ kind: "host", methods: ["debug", "info"] }),
      [console, { debug() {}, info() {} }], [{ debug() {} }, "x", null, undefined]],
    ["a text with a form or a function", typeOf({ kind: "host", callable: true, form: "^[!-~]+$" }), ["key", () => "key"],
      ["", "two words", {}, null, undefined]],
  ];
  for (const [what, type, fit, unfit] of rows) {
    it(`accepts ${what} and nothing else`, () => {
      for (const value of fit) assert.equal(fits(value, type), true, `rejects ${label(value)}`);
      for (const value of unfit) assert.equal(fits(value, type), false, `accepts ${label(value)}`);
    });
  }

  it("accepts an object with all required members and no unknown ones, in any order", () => {
    for (const [customer, isFit] of [
      [{ status: "ACTIVE" }, true],
      [{ email: "o@example.com", status: "ACTIVE" }, true],
      [{ status: "ACTIVE", legal_address: ADDRESS }, true],
      [Object.assign(Object.create(null), { status: "ACTIVE" }), true],
      [{}, false],
      [{ email: "o@example.com" }, false],
      [{ status: "ACTIVE", nickname: "O" }, false],
      [{ status: "ACTIVE", email: undefined }, false],
      [{ status: "ACTIVE", email: null }, false],
      [{ status: "ACTIVE", legal_address: { country_code: "US" } }, false],
      [{ status: "ACTIVE", dob: "2023-02-29" }, false],
      [Object.create({ status: "ACTIVE" }), false],
      [Object.create({ email: "o@example.com" }, { status: { value: "ACTIVE", enumerable: true } }), false],
      [[], false],
      [null, false],
      ["ACTIVE", false],
    ]) {
      assert.equal(fits(customer, types.CustomerWrite), isFit, label(customer));
    }
  });

  it("judges each object by itself, whatever came before it", () => {
    const rows = [
      [{ id: "1", status: "ACTIVE" }, true],
      [{ status: "ACTIVE", id: "2" }, true],
      [{ id: "3", status: "ACTIVE", email: "o@example.com" }, true],
      [{ id: "4", status: 5 }, false],
      [{ id: "5", status: "ACTIVE" }, true],
      [{ id: "6" }, false],
      [{ id: "7", status: "ACTIVE", nickname: "n" }, false],
      [{ id: "8", status: "ACTIVE", email: "o@example.com" }, true],
    ];
    for (const [customer, isFit] of [...rows, ...[...rows].reverse()]) {
      assert.equal(fits(customer, types.Customer), isFit, label(customer));
    }
  });

  it("keeps no more than eight layouts of a type, and still knows the ninth", () => {
    const fields = [..."abcdefghijkl"].map((name) => [name, { kind: "text" }, false]);
    const type = typeOf({ kind: "object", fields });
    for (let round = 0; round < 2; round += 1) {
      for (const [name] of fields) assert.equal(fits({ [name]: "x" }, type), true, name);
    }
    assert.equal(type.layouts.length, 8);
  });

  it("does not throw for an object whose getters throw, and does not accept it", () => {
    const getter = { get status() { throw new Error("no"); } };
    for (const value of [getter, { status: "ACTIVE", legal_address: thrower() }, thrower()]) {
      assert.equal(fits(value, types.CustomerWrite), false);
    }
  });

  it("accepts nothing by what a polluted prototype holds", () => {
    Object.prototype.status = "ACTIVE";
    try {
      assert.equal(fits({}, types.CustomerWrite), false);
      assert.equal(hasRequired({ id: "1" }, types.Customer), false);
    } finally {
      delete Object.prototype.status;
    }
  });

  /** The same by the letter, without layouts. */
  function fitsPlainly(value, type) {
    switch (type.kind) {
      case "object": {
        if (!isObject(value)) return false;
        const keys = [];
        for (const name in value) keys.push(name);
        return keys.every((name) => Object.hasOwn(value, name) && type.fields.has(name) && fitsPlainly(value[name], type.fields.get(name))) &&
          type.required.every((name) => keys.includes(name));
      }
      case "list":
        return Array.isArray(value) && [...value].every((item) => fitsPlainly(item, type.item)) && (value.length > 0 || !type.filled);
      case "text":
        return typeof value === "string" && (type.test?.test(value) ?? true);
      case "enum":
        return type.values.has(value);
      case "boolean":
        return typeof value === "boolean";
      case "number":
        return typeof value === "number" && value >= type.minimum && value <= type.maximum && (!type.whole || Number.isInteger(value));
      default:
        return isObject(value);
    }
  }

  const some = fc.oneof(
    fc.constantFrom(null, true, 0, 1, 2.5, "", "x", "ACTIVE", "US", "4329", "987-65-4329", "+12025550143", undefined),
    fc.constantFrom("1991-07-23", "2025-02-03T14:05:06.5Z", "last_name:asc", "ACCEPTED", "MANUAL", "LEGAL", "a,b"),
    fc.constantFrom({}, [], [[]], ["a"], ["last_name:asc"], ADDRESS, [{ id: "1", status: "ACTIVE" }]),
    fc.anything(),
  );
  for (const name of Object.keys(types).filter((name) => !name.endsWith("Options"))) {
    it(`agrees with a plain walk over the table: ${name}`, () => {
      const type = types[name];
      const required = { status: "ACTIVE", id: "1", customers: [], address_line_1: "x", country_code: "US" };
      const start = Object.fromEntries(type.required.map((field) => [field, required[field]]));
      const key = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...type.fields.keys()) }, fc.constantFrom("other", "__proto__", "a b"));
      const members = fc.array(fc.tuple(key, some), { maxLength: 4 });
      let fitting = 0;
      fc.assert(
        fc.property(members, fc.boolean(), (members, isComplete) => {
          const value = { ...(isComplete ? start : {}), ...Object.fromEntries(members) };
          assert.equal(fits(value, type), fitsPlainly(value, type));
          fitting += Number(fits(value, type));
        }),
        { numRuns: 2000 },
      );
      assert.ok(fitting > 20, `only ${fitting} values fit`);
    });
  }
});

describe("hasRequired", () => {
  const cases = [
    ["Customer", { id: "1", status: "ACTIVE" }, true],
    ["Customer", { id: "", status: "A_STATUS_OF_TOMORROW", email: 5 }, true],
    ["Customer", { id: 1, status: "ACTIVE" }, false],
    ["Customer", { status: "ACTIVE" }, false],
    ["Customer", Object.create({ id: "1", status: "ACTIVE" }), false],
    ["Customer", null, false],
    ["Customer", undefined, false],
    ["Customer", "text", false],
    ["Customer", [], false],
    ["Customer", { get id() { throw new Error("no"); }, status: "ACTIVE" }, false],
    ["CustomerList", { customers: [] }, true],
    ["CustomerList", { customers: [1] }, true],
    ["CustomerList", { customers: {} }, false],
    ["CustomerList", {}, false],
  ];
  for (const [name, body, expected] of cases) {
    it(`is ${expected} for a ${name} ${label(body)}`, () => assert.equal(hasRequired(body, types[name]), expected));
  }
});

describe("a value", () => {
  const objects = [{}, { then: () => 1 }, Object.create(null), Object.create({ a: 1 }), new Person(), new Customer(), new (class extends Object {})()];
  const others = [
    ["missing", undefined],
    ["null", null],
    ["boolean", true, false],
    ["number", 1, NaN],
    ["string", "", "x"],
    ["array", [], [1]],
    ["a value that JSON cannot hold", () => 1, Symbol("s"), 1n],
    ["a Map", new Map(), new (class extends Map {})()],
    ["a WeakMap", new WeakMap()],
    ["a Set", new Set()],
    ["a Date", new Date(0)],
    ["a RegExp", /x/],
    ["an Error", new Error("x"), new TypeError("x")],
    ["a Promise", Promise.resolve(), new (class { then() {} })()],
    ["a FormData", new FormData()],
    ["a URLSearchParams", new URLSearchParams("a=b"), new (class extends URLSearchParams {})()],
    ["a URL", new URL("https://api.example.com")],
    ["a Headers", new Headers()],
    ["a Response", new Response()],
    ["a Blob", new Blob([])],
    ["an AbortController", new AbortController()],
    ["an ArrayBuffer", new ArrayBuffer(1)],
    ["a Uint8Array", new Uint8Array(1)],
    ["an Int8Array", new Int8Array(1)],
    ["a String", Object("x")],
    ["a Number", Object(1)],
  ];

  it("is an object if its members can be read: of a plain object or of the caller's own class", () => {
    for (const value of objects) {
      assert.equal(isObject(value), true, label(value));
      assert.equal(wordFor(value), "object", label(value));
    }
  });

  for (const [word, ...values] of others) {
    it(`is no object where a message calls it "${word}"`, () => {
      for (const value of values) {
        assert.equal(wordFor(value), word);
        assert.equal(isObject(value), false);
      }
    });
  }

  it("that throws whatever is asked of it is called an object that cannot be read", () => {
    assert.equal(wordFor(thrower()), "an object that cannot be read");
  });

  it("is an object although Object.prototype has a then, as in a polluted program", () => {
    Object.prototype.then = () => 1;
    try {
      assert.equal(isObject({}), true);
      assert.equal(isObject(new Person()), true);
    } finally {
      delete Object.prototype.then;
    }
  });
});

describe("snapshot", () => {
  const read = (source, isBody = true, type = types.CustomerWrite) => snapshot(source, type, isBody);

  it("gives the own members of a plain object, in their order", () => {
    const source = { zz: [1], status: "ACTIVE", email: null, a: undefined };
    const copy = read(source);
    assert.deepEqual(copy, source);
    assert.deepEqual(Object.keys(copy), Object.keys(source));
    assert.notEqual(copy, source);
  });

  it("gives what is no object back", () => {
    for (const value of [undefined, null, 5, "x", [], () => 1, new Map(), new Date(0)]) assert.equal(read(value), value);
  });

  for (const [what, source] of [
    ["fields and accessors of a class", new Person()],
    ["inherited accessors", new Customer()],
    ["own accessors", { get status() { return "ACTIVE"; }, get first_name() { return "Ottoline"; } }],
    ["members of a prototype", Object.create({ status: "ACTIVE", first_name: "Ottoline" })],
    ["members without a prototype", Object.assign(Object.create(null), { status: "ACTIVE", first_name: "Ottoline" })],
    ["what toJSON gives", { toJSON: () => ({ status: "ACTIVE", first_name: "Ottoline" }) }],
    ["what toJSON of a class gives", new (class { toJSON() { return new Person(); } })()],
  ]) {
    it(`reads ${what} as own data`, () => {
      const { email, ...copy } = read(source);
      assert.deepEqual(copy, { status: "ACTIVE", first_name: "Ottoline" });
      assert.equal(email, source instanceof Customer ? "o@example.com" : undefined);
    });
  }

  it("calls each accessor and toJSON once, toJSON with its object and an empty key", () => {
    const asked = [];
    const source = { get status() { asked.push("status"); return "ACTIVE"; } };
    read(source);
    read(Object.defineProperty(new Person(), "first_name", { get() { asked.push("first_name"); return "Ada"; }, enumerable: true }));
    const withJson = { toJSON(...args) { asked.push(this === withJson, ...args); return {}; } };
    read(withJson);
    assert.deepEqual(asked, ["status", "first_name", true, ""]);
  });

  it("takes an own member before one of the prototype, and a nearer prototype's before a farther one's", () => {
    class Base { get email() { return "base"; } get note() { return "base"; } }
    class Derived extends Base { get email() { return "derived"; } }
    const source = Object.assign(new Derived(), { status: "ACTIVE" });
    Object.defineProperty(source, "note", { value: "own", enumerable: true });
    assert.deepEqual(read(source), { status: "ACTIVE", note: "own", email: "derived" });
  });

  it("has no methods in a body; in options they keep their object", () => {
    assert.deepEqual(Object.keys(read(new Person())), ["status", "first_name"]);
    const options = compile({ kind: "object", fields: [["greet", { kind: "host" }, false]] });
    const { greet, status } = snapshot(new Person(), options, false);
    assert.equal(greet(), "Hello Ottoline");
    assert.equal(status, "ACTIVE");
    assert.equal(read(new Person(), false).greet, undefined, "of no known name");
  });

  it("asks no toJSON of options, and none of Object.prototype", () => {
    assert.equal(read({ toJSON: () => ({ a: 1 }) }, false).a, undefined);
    Object.prototype.toJSON = () => ({ polluted: true });
    try {
      assert.deepEqual(Object.keys(read({ status: "ACTIVE" })), ["status"]);
    } finally {
      delete Object.prototype.toJSON;
    }
  });

  it("reads nothing of a polluted Object.prototype, of another realm's neither", () => {
    const foreign = Object.create(null, { hasOwnProperty: { value: () => true }, email: { value: "polluted" } });
    Object.prototype.email = "polluted";
    try {
      for (const source of [{ status: "ACTIVE" }, new Person(), Object.assign(Object.create(foreign), { status: "ACTIVE" })]) {
        assert.equal(Object.hasOwn(read(source), "email"), false);
      }
    } finally {
      delete Object.prototype.email;
    }
  });

  it("copies the objects and lists that the table knows, and reads them likewise", () => {
    class Address { get address_line_1() { return "12 Lantern Row"; } get country_code() { return "US"; } }
    const given = { status: "ACTIVE", legal_address: new Address(), shipping_address: ADDRESS };
    const copy = read(given);
    assert.deepEqual(copy.legal_address, ADDRESS);
    assert.deepEqual(copy.shipping_address, ADDRESS);
    assert.notEqual(copy.shipping_address, ADDRESS);
    const id = ["a"];
    const params = read({ id }, false, types.ListCustomersParams);
    id.push("b");
    assert.deepEqual(params.id, ["a"]);
  });

  it("reads an object of the caller's own too: metadata of a class", () => {
    class Metadata { get plan() { return "gold"; } }
    assert.equal(stringify(read({ status: "ACTIVE", metadata: new Metadata() })), '{"status":"ACTIVE","metadata":{"plan":"gold"}}');
  });

  it("makes __proto__ a member like any other", () => {
    const copy = read(JSON.parse('{"__proto__":{"status":"ACTIVE"}}'));
    assert.deepEqual(Object.keys(copy), ["__proto__"]);
    assert.equal(Object.getPrototypeOf(copy), Object.prototype);
  });

  it("throws what getters and toJSON throw", () => {
    const thrown = new RangeError("no");
    const fail = () => {
      throw thrown;
    };
    for (const source of [
      { get status() { return fail(); } },
      new (class { get status() { return fail(); } })(),
      { toJSON: fail },
      { status: "ACTIVE", legal_address: { get city() { return fail(); } } },
    ]) {
      assert.throws(() => read(source), (error) => error === thrown);
    }
  });

  it("leaves the source as it was", () => {
    const source = Object.freeze({ status: "ACTIVE", legal_address: Object.freeze({ ...ADDRESS }) });
    const before = structuredClone(source);
    const copy = read(source);
    copy.legal_address.city = "changed";
    assert.deepEqual({ ...source }, before);
  });
});

describe("a member", () => {
  it("is read by own only of the object itself, and is undefined where a getter throws", () => {
    const object = Object.create({ b: 2 }, { a: { value: 1 }, c: { get() { throw new Error("no"); } } });
    assert.deepEqual(["a", "b", "c", "toString"].map((name) => own(object, name)), [1, undefined, undefined, undefined]);
    for (const value of [undefined, null, 5, "text", thrower()]) assert.equal(own(value, "length"), undefined);
  });

  it("is read by inherited of the object and its class, and never of Object.prototype", () => {
    const customer = new Customer();
    assert.deepEqual(["status", "first_name", "email"].map((name) => inherited(customer, name)), ["ACTIVE", "Ottoline", "o@example.com"]);
    for (const name of ["toString", "hasOwnProperty", "__proto__"]) assert.equal(inherited(customer, name), undefined);
    assert.equal(inherited(Object.create(null), "status"), undefined);
  });

  it("is defined as own data, enumerable unless it is asked not to be, whatever its name", () => {
    const object = {};
    define(object, "__proto__", "v");
    define(object, "hidden", 1, false);
    assert.deepEqual(Object.entries(object), [["__proto__", "v"]]);
    assert.equal(object.hidden, 1);
  });

  it("is defined although Object.prototype has what a descriptor has", () => {
    Object.prototype.get = () => "polluted";
    try {
      const object = {};
      define(object, "a", 1);
      assert.equal(object.a, 1);
    } finally {
      delete Object.prototype.get;
    }
  });

  it("is removed of a copy", () => {
    const copy = { a: 1, b: 2 };
    remove(copy, "a");
    remove(copy, "c");
    assert.deepEqual(copy, { b: 2 });
  });

  it("of a bare copy is its own or none", () => {
    const copy = bare({ a: 1 });
    assert.deepEqual([copy.a, copy.toString, Object.getPrototypeOf(copy)], [1, undefined, null]);
  });

  it("has its name among those of the object, at most as many as asked for", () => {
    const object = Object.create({ inherited: 1 }, { hidden: { value: 1 }, a: { value: 1, enumerable: true }, b: { value: 2, enumerable: true } });
    assert.deepEqual(names(object, 5), ["a", "b"]);
    assert.deepEqual(names(object, 1), ["a"]);
    assert.deepEqual(names(thrower(), 5), []);
  });
});

describe("headerPairs", () => {
  for (const [what, source, pairs] of [
    ["an object", { "x-a": "1", "X-B": undefined }, [["x-a", "1"], ["X-B", undefined]]],
    ["an object without a prototype", Object.assign(Object.create(null), { "x-a": "1" }), [["x-a", "1"]]],
    ["an instance of a class", new (class { get trace() { return "1"; } other() {} })(), [["trace", "1"]]],
    ["a Headers", new Headers({ "X-A": "1", "x-b": "2" }), [["x-a", "1"], ["x-b", "2"]]],
    ["an array of pairs", [["x-a", "1"], ["x-a", "2"]], [["x-a", "1"], ["x-a", "2"]]],
    ["an array of what are no pairs", [["x-a"], ["x", "y", "z"], "ab", 5], [["x-a"], ["x", "y", "z"], [], []]],
    ["nothing", {}, []],
  ]) {
    it(`gives the pairs of ${what}`, () => assert.deepEqual(headerPairs(source), pairs));
  }

  it("throws for what cannot be read", () => {
    for (const source of [5, () => 1, new Date(), Promise.resolve({}), thrower(), { get a() { throw new Error("no"); } }]) {
      assert.throws(() => headerPairs(source));
    }
  });
});

describe("stringify", () => {
  const cycle = {};
  cycle.self = cycle;
  for (const [what, value, wanted] of [
    ["an object", { a: 1, b: undefined, c: () => 1 }, '{"a":1}'],
    ["a string", "text", '"text"'],
    ["null", null, "null"],
    ["undefined", undefined, undefined],
    ["a function", () => 1, undefined],
    ["a symbol", Symbol("s"), undefined],
    ["a cycle", cycle, undefined],
    ["a BigInt", { n: 1n }, undefined],
    ["a toJSON that throws", { toJSON() { throw new Error("no"); } }, undefined],
    ["an object that throws", thrower(), undefined],
  ]) {
    it(`gives ${wanted ?? "nothing"} for ${what}`, () => assert.equal(stringify(value), wanted));
  }
});

describe("capture", () => {
  it("gives the first group of the form in a text, and nothing for anything else", () => {
    const type = typeOf({ kind: "text", form: "(?:^|/)([a-z-]{1,40})/*$" });
    for (const [value, wanted] of [
      ["https://dev.synctera.com/errors/not-found", "not-found"],
      ["not-found//", "not-found"],
      ["", undefined],
      ["/", undefined],
      ["x".repeat(41), undefined],
      [undefined, undefined],
      [["a"], undefined],
    ]) {
      assert.equal(capture(value, type), wanted);
    }
    assert.equal(capture("a", text), undefined);
  });
});
