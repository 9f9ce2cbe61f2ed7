// What values have to look like, and whether they do. The rules are Rust's (src/schema.rs); they
// come as one text, once. Looked at here, values never enter WebAssembly's memory, and a page of
// customers costs one call and not one for every field.

/** How many findings are kept; one drifting field in a page of a thousand customers says all. */
const MOST_FINDINGS = 100;

/** The methods of a logger, the least important first. */
export const LEVELS = ["debug", "info", "warn", "error"];

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
 * @property {{ names: string[], types: Type[] }[]} [layouts] of the last objects
 * @property {string[]} [servers] the fields that only the server sets (BEHAVIOUR 4.2, 4.3)
 */

/** What was asked for so far. @type {Map<string, Type>} */
const types = new Map([
  ["String", type({ kind: "t", wanted: "a string" })],
  ["bool", type({ kind: "b", wanted: "boolean" })],
  ["Metadata", type({ kind: "o", wanted: "object" })],
]);

/** The lines of the rules that define types, by the type's name: read when the type is asked for. @type {Map<string, string>} */
const lines = new Map();

/**
 * A type with every member its own: what it does not have is not asked of a polluted prototype, and
 * all types are of one layout, which is quick to look into.
 * @param {Partial<Type>} own
 * @returns {Type}
 */
function type(own) {
  return {
    kind: "",
    wanted: "",
    test: undefined,
    values: undefined,
    least: undefined,
    most: undefined,
    whole: undefined,
    item: undefined,
    filled: undefined,
    fields: undefined,
    needs: undefined,
    strict: undefined,
    layouts: undefined,
    servers: undefined,
    ...own,
  };
}

/**
 * @typedef {object} Operation
 * @property {string} name the method of `CustomersApi`
 * @property {string} method the HTTP method
 * @property {string} template of the path
 * @property {string} root the argument's name
 * @property {string} sends the type's name; empty if it sends nothing
 * @property {string} gives
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
 * - `s`, `l`, `h` a signal, a logger, headers to add: name, words
 * - `m` an object: name, what it extends, fields as `name!rp:Type`
 * - `o` an operation: name, method, template, argument, model sent, model received
 * - `r` a reserved header: name, advice
 *
 * @param {string} rules
 */
export function learn(rules) {
  if (operations.length > 0) return;
  for (const line of rules.split("\n")) {
    const name = line.slice(1, line.indexOf("\t"));
    const parts = line.split("\t").slice(1);
    if (line[0] === "o") {
      const [method, template, root, sends, gives] = parts;
      operations.push({ name, method, template, root, sends, gives });
    } else if (line[0] === "r") {
      reserved.set(name, parts[0]);
    } else {
      lines.set(name, line);
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
      // Characters are counted, and not the halves of pairs.
      return type({ kind, wanted, test: parts[0] === "" ? undefined : new RegExp(parts[0], "su") });
    case "e":
      return type({ kind, wanted: `one of ${parts.join(", ")}`, values: new Set(parts) });
    case "n":
      return type({ kind, wanted, least: Number(parts[0]), most: Number(parts[1]), whole: parts[2] === "true" });
    case "m":
      return model(name, parts);
    default:
      return type({ kind, wanted });
  }
}

/**
 * @param {string} name
 * @param {string[]} parts
 */
function model(name, [base, fields]) {
  const all = new Map(base === "" ? [] : typeOf(base).fields);
  for (const [, name, need, access, privacy, kind] of fields.matchAll(/(\w+)([!?])(.)(.):([^;]+);/g)) {
    all.set(name, { name, type: typeOf(kind), required: need === "!", access, privacy });
  }
  const of = (/** @type {(field: Field) => boolean} */ fits) => [...all.values()].filter(fits).map(({ name }) => name);
  return type({
    kind: "m",
    wanted: "object",
    fields: all,
    needs: of((field) => field.required).length,
    // A filter or an option that nobody knows does nothing.
    strict: /(Params|Options)$/.test(name),
    servers: of((field) => field.access === "r"),
  });
}

/**
 * The type of a Rust type's name: `String`, `Open<BanStatus>`, `Vec<Address>`.
 * @param {string} name
 * @returns {Type}
 */
export function typeOf(name) {
  let known = types.get(name);
  if (known === undefined) {
    const [, outer, inner] = /^(\w+)<(.+)>$/.exec(name) ?? [];
    const line = lines.get(name) ?? "";
    if (outer === "Open") known = typeOf(inner);
    else if (outer) known = type({ kind: "v", wanted: "array", item: typeOf(inner), filled: outer === "Filled" });
    else known = define(line[0], name, line.split("\t").slice(1));
    types.set(name, known);
  }
  return known;
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

/**
 * Whether a value is of a type. Nearly all are, and this is several times as fast as telling what is
 * wrong with those that are not.
 * @param {any} value
 * @param {Type} type
 * @returns {boolean | undefined} nothing counts as no: `Check` tells
 */
export function fits(value, type) {
  switch (type.kind) {
    case "t":
      return typeof value === "string" && (type.test === undefined || type.test.test(value));
    case "e":
      return type.values?.has(value);
    case "b":
      return typeof value === "boolean";
    case "m":
      return isObject(value) && membersFit(value, type);
    case "v":
      return Array.isArray(value) && itemsFit(value, type);
    case "n":
      return isNumber(value, type);
    case "f":
      return typeof value === "function" || (typeof value === "string" && type.test?.test(value));
    case "s":
      return hasMethods(value, ["addEventListener", "removeEventListener"]);
    case "l":
      return hasMethods(value, LEVELS);
    default:
      return isObject(value);
  }
}

/**
 * @param {unknown} value
 * @param {Type} type
 */
function isNumber(value, { least, most, whole }) {
  const isWithin = typeof value === "number" && value >= Number(least) && value <= Number(most);
  return isWithin && (!whole || Number.isInteger(value));
}

/**
 * @param {any} value
 * @param {string[]} names
 */
function hasMethods(value, names) {
  return names.every((name) => typeof value?.[name] === "function");
}

/**
 * @param {unknown[]} items
 * @param {Type} list
 */
function itemsFit(items, { item: type, filled }) {
  for (const item of items) if (!fits(item, /** @type {Type} */ (type))) return false;
  return items.length > 0 || !filled;
}

/**
 * Objects of one type mostly have the same members in the same order, in a few variants, so what was
 * looked up for one is kept for the next. Nothing is made of an object on the way: garbage would have
 * the collector go through the whole page that was just parsed, which costs more than the look.
 * @param {Record<string, unknown>} value
 * @param {Type} type
 */
function membersFit(value, type) {
  const types = layoutOf(value, type);
  if (types === undefined) return false;
  let index = 0;
  for (const name in value) {
    if (!fits(value[name], types[index])) return false;
    index += 1;
  }
  return true;
}

/** How many layouts are kept of a type. */
const MOST_LAYOUTS = 8;

/**
 * The types of the members that an object has; nothing if they are not all there or not all known.
 * @param {Record<string, unknown>} value
 * @param {Type} type
 */
function layoutOf(value, type) {
  type.layouts ??= [];
  for (const layout of type.layouts) if (hasNames(value, layout.names)) return layout.types;
  const names = Object.keys(value);
  const types = typesOf(names, type);
  // What comes down a prototype is looked at too in a loop over names: then a close look decides.
  if (types === undefined || !hasNames(value, names)) return undefined;
  type.layouts.unshift({ names, types });
  type.layouts.length = Math.min(type.layouts.length, MOST_LAYOUTS);
  return types;
}

/**
 * Whether an object has these members in this order, and inherits none.
 * @param {Record<string, unknown>} value
 * @param {string[]} names
 */
function hasNames(value, names) {
  let index = 0;
  for (const name in value) {
    if (name !== names[index]) return false;
    index += 1;
  }
  // Its own come first, so if the last one is, all are.
  return index === names.length && (index === 0 || Object.hasOwn(value, names[index - 1]));
}

/**
 * The types of these members; nothing if one is unknown or missing.
 * @param {string[]} names
 * @param {Type} type
 * @returns {Type[] | undefined}
 */
function typesOf(names, type) {
  const fields = names.map((name) => type.fields?.get(name));
  const known = fields.filter((field) => field !== undefined);
  const needed = known.filter((field) => field.required).length;
  return known.length < names.length || needed !== type.needs ? undefined : known.map((field) => field.type);
}

/**
 * What is wrong with a value; nothing if it is of its type. Throws only what the value's own getters
 * throw.
 * @param {string} root what the value is called; an empty root gives bare paths
 * @param {unknown} value
 * @param {Type} type
 * @param {boolean} response whether the value came from the API
 */
export function check(root, value, type, response) {
  if (fits(value, type)) return undefined;
  const check = new Check(response);
  check.value(root, value, type);
  return check.total > 0 ? check : undefined;
}

/** Compares a value with a type, and tells of each difference. */
class Check {
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
    if (type.kind === "v" && Array.isArray(value)) this.#list(name, value, type);
    else if (type.fields && isObject(value)) this.#object(name, value, type);
    else if (!fits(value, type)) this.#mismatch(name, value, type);
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
        const member = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
        if (field.required && member === undefined) this.#mismatch(field.name, undefined, field.type);
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
    if (value !== null || this.#response || type.strict) {
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
