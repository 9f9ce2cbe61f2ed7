// Values that a program hands over by mistake, or that are made to do harm. Each is made anew.

/** A proxy that throws whatever is asked of it. */
function thrower(target) {
  const traps = Object.getOwnPropertyNames(Reflect);
  const trap = () => {
    throw new Error("a trap");
  };
  return new Proxy(target, Object.fromEntries(traps.map((name) => [name, trap])));
}

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function cyclic() {
  const value = { status: "ACTIVE" };
  value.metadata = { value };
  return value;
}

class Person {
  status = "ACTIVE";
  #secret = 1;
  get first_name() {
    return `Ada${this.#secret}`;
  }
}

/** @type {Record<string, () => unknown>} */
export const ODD = {
  "undefined": () => undefined,
  "null": () => null,
  "true": () => true,
  "zero": () => 0,
  "negative zero": () => -0,
  "NaN": () => NaN,
  "infinity": () => Infinity,
  "a BigInt": () => 10n,
  "a symbol": () => Symbol("odd"),
  "a function": () => () => "ACTIVE",
  "a class": () => Person,
  "an empty string": () => "",
  "spaces": () => "  ",
  "a dot": () => ".",
  "two dots": () => "..",
  "an encoded step up": () => "%2e%2e",
  "a path": () => "../../v1/accounts",
  "a query": () => "x?limit=1#top",
  "a line break": () => "a\r\nx-other: 1",
  "NUL": () => "a\0b",
  "half a surrogate pair": () => "a\ud800b",
  "the other half": () => "\udfff",
  "a text of a million characters": () => "x".repeat(1_000_000),
  // What takes a careless pattern the square of its length.
  "a million slashes and a letter": () => `${"/".repeat(1_000_000)}x`,
  "a million letters and a comma": () => `${"x".repeat(1_000_000)},`,
  "a million spaces and a line break": () => `x${" ".repeat(1_000_000)}\n`,
  "a String object": () => new String("ACTIVE"),
  "an object": () => ({}),
  "an object without a prototype": () => Object.create(null),
  "an object with its own __proto__": () => JSON.parse('{"__proto__":{"status":"ACTIVE"},"constructor":{"prototype":{"x":1}}}'),
  "an object whose prototype has the members": () => Object.create({ status: "ACTIVE", accessToken: "other" }),
  "a class's instance": () => new Person(),
  "a frozen object": () => Object.freeze({ status: "ACTIVE" }),
  "a Date": () => new Date(0),
  "an invalid Date": () => new Date(NaN),
  "a Map": () => new Map([["status", "ACTIVE"]]),
  "a Set": () => new Set(["ACTIVE"]),
  "a WeakMap": () => new WeakMap(),
  "a promise": () => Promise.resolve({ status: "ACTIVE" }),
  "a RegExp": () => /ACTIVE/,
  "an error": () => new Error("odd"),
  "bytes": () => new Uint8Array([65, 67]),
  "a buffer": () => new ArrayBuffer(8),
  "an empty array": () => [],
  "a sparse array": () => Object.assign([], { 3: "x" }),
  "an array with members": () => Object.assign(["x"], { status: "ACTIVE" }),
  "an array of arrays": () => [["a"], [["b"]]],
  "a cycle": cyclic,
  "a deep object": () => JSON.parse(`${'{"a":'.repeat(2_000)}1${"}".repeat(2_000)}`),
  "a getter that throws": () => Object.defineProperty({}, "status", { enumerable: true, get: () => { throw new Error("a getter"); } }),
  "a getter that changes its response": () => {
    let asked = 0;
    return { status: "ACTIVE", get metadata() { return asked++ === 0 ? { first: true } : "later"; } };
  },
  "a toJSON that throws": () => ({ status: "ACTIVE", toJSON() { throw new Error("toJSON"); } }),
  "a toJSON that gives nothing": () => ({ status: "ACTIVE", toJSON: () => undefined }),
  "a toString that throws": () => ({ toString() { throw new Error("toString"); } }),
  "a proxy of an object": () => new Proxy({ status: "ACTIVE" }, {}),
  "a proxy that throws": () => thrower({}),
  "a proxy of an array that throws": () => thrower([]),
  "a proxy of a function that throws": () => thrower(() => {}),
  "a proxy that answers nonsense": () => new Proxy({ status: "ACTIVE" }, { get: () => Symbol("nonsense") }),
  "a proxy that has everything": () => new Proxy({}, { get: () => "everything", has: () => true }),
  "a proxy with odd names": () => new Proxy({}, { ownKeys: () => ["a", Symbol("b")], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }) }),
  "a revoked proxy": () => revoked({}),
  "a revoked proxy of an array": () => revoked([]),
  "a revoked proxy of a function": () => revoked(() => {}),
};
