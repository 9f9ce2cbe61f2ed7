// What values have to look like, and whether they do. The rules are Rust's (src/schema.rs); they
// come as one text, once. Looked at here, values never enter WebAssembly's memory, and a page of
// customers costs one call and not one for every field.

/** How many findings are kept; one drifting field in a page of a thousand customers says all. */
const MOST_FINDINGS = 100;

/** What a name looks like; anything else is not repeated: it may be data. */
const NAME = /^[a-z_]\w{0,39}$/i;

/**
 * @typedef {{ path: string, found: string, expected: string }} Finding
 * @typedef {{ name: string, type: Type, required: boolean, access: string, privacy: string }} Field
 * @typedef {object} Type
 * @property {string} kind one letter, as in the text: see `learn`
 * @property {string} wanted what a value of it is called
 * @property {RegExp} [test]
 * @property {Set<unknown>} [values]
 * @property {number} [least]
 * @property {number} [most]
 * @property {boolean} [whole]
 * @property {Type} [item]
 * @property {boolean} [filled] whether a list must not be empty
 * @property {Map<string, Field>} [fields]
 * @property {number} [needs] how many fields are required
 * @property {boolean} [strict] whether an unknown name is an error
 */

/** @type {Map<string, Type>} */
const types = new Map([
  ["String", { kind: "t", wanted: "a string" }],
  ["bool", { kind: "b", wanted: "boolean" }],
  ["Metadata", { kind: "o", wanted: "object" }],
]);

/**
 * @typedef {object} Operation
 * @property {string} name the method of `CustomersApi`
 * @property {string} method the HTTP method
 * @property {string} template of the path
 * @property {string} root the argument's name
 * @property {Type | undefined} sends
 * @property {Type} gives
 */
/** @type {Operation[]} */
export const operations = [];

/** Headers that a caller must not set, and what to do instead. @type {Map<string, string>} */
export const reserved = new Map();

/**
 * Takes the rules. Each line is a letter and parts between tabs:
 *
 * - `t` a text: name, form, words
 * - `e` a list of values: name, each value
 * - `n` a number: name, least, most, whether whole, words
 * - `f` a function, or a text too if there is a form: name, form, words
 * - `s`, `h` a signal, headers to add: name, words
 * - `m` an object: name, what it extends, fields as `name!rp:Type`
 * - `o` an operation: name, method, template, argument, model sent, model received
 * - `r` a reserved header: name, advice
 *
 * @param {string} rules
 */
export function learn(rules) {
  if (operations.length > 0) return;
  for (const line of rules.split("\n")) {
    const kind = line[0];
    const [name, ...parts] = line.slice(1).split("\t");
    if (kind === "o") {
      const [method, template, root, sends, gives] = parts;
      operations.push({ name, method, template, root, sends: types.get(sends), gives: typeOf(gives) });
    } else if (kind === "r") {
      reserved.set(name, parts[0]);
    } else {
      types.set(name, define(kind, name, parts));
    }
  }
}

/**
 * @param {string} kind
 * @param {string} name
 * @param {string[]} parts
 * @returns {Type}
 */
function define(kind, name, parts) {
  const wanted = parts.at(-1) ?? "";
  switch (kind) {
    case "t":
    case "f":
      return { kind, wanted, test: parts[0] === "" ? undefined : new RegExp(parts[0], "su") };
    case "e":
      return { kind, wanted: `one of ${parts.join(", ")}`, values: new Set(parts) };
    case "n":
      return { kind, wanted, least: Number(parts[0]), most: Number(parts[1]), whole: parts[2] === "true" };
    case "m":
      return model(name, parts);
    default:
      return { kind, wanted };
  }
}

/**
 * @param {string} name
 * @param {string[]} parts
 */
function model(name, [base, fields]) {
  const all = new Map(types.get(base)?.fields);
  for (const [, name, need, access, privacy, type] of fields.matchAll(/(\w+)([!?])(.)(.):([^;]+);/g)) {
    all.set(name, { name, type: typeOf(type), required: need === "!", access, privacy });
  }
  const needs = [...all.values()].filter((field) => field.required).length;
  // A filter or an option that nobody knows does nothing.
  return { kind: "m", wanted: "object", fields: all, needs, strict: /(Params|Options)$/.test(name) };
}

/**
 * The type of a Rust type's name: `String`, `Open<BanStatus>`, `Vec<Address>`.
 * @param {string} name
 * @returns {Type}
 */
export function typeOf(name) {
  const [, outer, inner] = /^(\w+)<(.+)>$/.exec(name) ?? [];
  if (outer === "Vec" || outer === "Filled") {
    return { kind: "l", wanted: "array", item: typeOf(inner), filled: outer === "Filled" };
  }
  return /** @type {Type} */ (types.get(inner ?? name));
}

/**
 * The word for a value in messages.
 * @param {unknown} value
 */
export function kindOf(value) {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  const type = typeof value;
  if (type === "object") return Array.isArray(value) ? "array" : type;
  return type === "boolean" || type === "number" || type === "string" ? type : "a value that JSON cannot hold";
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Compares one value with a type. Throws only what the value's own getters throw. */
export class Check {
  /** @type {Finding[]} */
  findings = [];
  total = 0;
  /** @type {(string | number)[]} */
  #trail = [];
  #response;

  /** @param {boolean} response whether the value came from the API */
  constructor(response) {
    this.#response = response;
  }

  /**
   * @param {string | number} name
   * @param {string} found
   * @param {string} expected
   */
  report(name, found, expected) {
    this.total += 1;
    if (this.total > MOST_FINDINGS) return;
    const steps = [...this.#trail, name].map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`));
    this.findings.push({ path: steps.join("").replace(/^\.+/, ""), found, expected });
  }

  /**
   * What is wrong with a value that is not of its type.
   * @param {string | number} name
   * @param {unknown} value
   * @param {Type} type
   */
  #mismatch(name, value, type) {
    const kind = kindOf(value);
    const close = (kind === "string" && /[tef]/.test(type.kind)) || (kind === "number" && type.kind === "n");
    const anyText = this.#response && type.kind === "t" && !close;
    this.report(name, close ? `another ${kind}` : kind, anyText ? "string" : type.wanted);
  }

  /**
   * Compares a value; `name` is its name in what it belongs to.
   * @param {string | number} name
   * @param {any} value
   * @param {Type} type
   */
  value(name, value, type) {
    let fits;
    switch (type.kind) {
      case "t":
        fits = typeof value === "string" && (type.test === undefined || type.test.test(value));
        break;
      case "e":
        fits = type.values?.has(value);
        break;
      case "b":
        fits = typeof value === "boolean";
        break;
      case "n":
        fits = typeof value === "number" && value >= Number(type.least) && value <= Number(type.most);
        fits &&= !type.whole || Number.isInteger(value);
        break;
      case "f":
        fits = typeof value === "function" || (typeof value === "string" && type.test?.test(value));
        break;
      case "s":
        fits = typeof value?.addEventListener === "function" && typeof value.removeEventListener === "function";
        break;
      case "l":
        fits = Array.isArray(value);
        if (fits) this.#list(name, value, type);
        break;
      default:
        fits = isObject(value);
        if (fits && type.fields) this.#object(name, value, type);
    }
    if (!fits) this.#mismatch(name, value, type);
  }

  /**
   * @param {string | number} name
   * @param {unknown[]} value
   * @param {Type} type
   */
  #list(name, value, type) {
    if (type.filled && value.length === 0) this.report(name, "an empty array", type.item?.wanted ?? "");
    this.#trail.push(name);
    for (let index = 0; index < value.length; index += 1) {
      this.value(index, value[index], /** @type {Type} */ (type.item));
    }
    this.#trail.pop();
  }

  /**
   * @param {string | number} name
   * @param {Record<string, unknown>} value
   * @param {Type} type
   */
  #object(name, value, type) {
    const fields = /** @type {Map<string, Field>} */ (type.fields);
    let needed = 0;
    this.#trail.push(name);
    for (const key of Object.keys(value)) {
      const field = fields.get(key);
      const member = value[key];
      if (field === undefined) this.#stranger(key, member, type);
      else if (member !== undefined) {
        if (field.required) needed += 1;
        this.#member(field, member, type);
      }
    }
    if (needed !== type.needs) {
      for (const field of fields.values()) {
        if (field.required && value[field.name] === undefined) this.#mismatch(field.name, undefined, field.type);
      }
    }
    this.#trail.pop();
  }

  /**
   * @param {Field} field
   * @param {unknown} value
   * @param {Type} type
   */
  #member(field, value, type) {
    if (this.#response && field.access === "w") {
      this.report(field.name, kindOf(value), "nothing: it is never returned");
    } else if (value !== null || this.#response || type.strict) {
      this.value(field.name, value, field.type);
    } else if (field.required) {
      // What `null` means to other fields is the API's to decide (BEHAVIOUR 4.15).
      this.report(field.name, "null", "a value");
    }
  }

  /**
   * A name that the type does not know. In a request the API may have grown; a filter or an option
   * that does nothing is a mistake.
   * @param {string} name
   * @param {unknown} value
   * @param {Type} type
   */
  #stranger(name, value, type) {
    const shown = NAME.test(name) ? name : "(an odd name)";
    if (this.#response) {
      this.report(shown, kindOf(value), "nothing: not in the contract");
    } else if (type.strict) {
      const known = [...(type.fields?.keys() ?? [])];
      const near = NAME.test(name) && nearest(name, known);
      const expected = near ? `a known name; did you mean ${near}?` : `one of ${known.join(", ")}`;
      this.report(shown, "an unknown name", expected);
    }
  }
}

/**
 * The known name nearest to the one given, if any is near.
 * @param {string} given
 * @param {string[]} known
 */
function nearest(given, known) {
  // Case and separators are what people most often get wrong, so they do not count.
  const plain = (/** @type {string} */ name) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const [best] = known
    .map((name) => ({ name, edits: distance(plain(given), plain(name)) }))
    .filter(({ name, edits }) => edits <= name.length / 3)
    .sort((a, b) => a.edits - b.edits);
  return best?.name;
}

/**
 * The number of single-letter edits from one to the other (Levenshtein).
 * @param {string} a
 * @param {string} b
 */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      next.push(Math.min(row[j] + Number(a[i] !== b[j]), row[j + 1] + 1, next[j] + 1));
    }
    row = next;
  }
  return row[b.length];
}
