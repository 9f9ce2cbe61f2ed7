// Allow-lists of fields: what may pass of a value, by name and type and at every level.
import type { FieldType, Schema } from "./schema.ts";

/** What is wrong at a path: the path and the reason, and never the value. */
export type Finding = readonly [path: string, reason: string];

const EXPECTED = { string: "a string", boolean: "true or false", object: "an object" } as const;

/** The part of a schema that a config lists, by paths such as `email` and `legal_address.city`. */
export function select(schema: Schema, paths: readonly string[]): Schema {
  const selected: Record<string, FieldType> = {};
  for (const [name, type] of Object.entries(schema)) {
    const start = `${name}.`;
    const inside = paths.filter((path) => path.startsWith(start)).map((path) => path.slice(start.length));
    const part = paths.includes(name) ? type : selectInside(type, inside);
    if (part !== undefined) selected[name] = part;
  }
  return selected;
}

function selectInside(type: FieldType, paths: readonly string[]): FieldType | undefined {
  if (paths.length === 0 || typeof type === "string") return undefined;
  return Array.isArray(type) ? [select(type[0], paths)] : select(type, paths);
}

/** A copy of a value of this type, with the fields of its schema and no others; else `undefined`. */
export function pick(value: unknown, type: FieldType): unknown {
  if (type === "object") return isObject(value) ? value : undefined;
  if (typeof type === "string") return typeof value === type ? value : undefined;
  if (Array.isArray(type)) {
    return Array.isArray(value) ? value.map((item) => pick(item, type[0])).filter(isObject) : undefined;
  }
  if (!isObject(value)) return undefined;
  const members = new Map(Object.entries(value));
  const picked: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(type)) {
    const member = pick(members.get(name), inner);
    if (member !== undefined) picked[name] = member;
  }
  return picked;
}

/** What an object holds that its schema does not list, or that is of another type. */
export function findingsIn(value: object, schema: Schema, prefix = ""): Finding[] {
  return Object.entries(value).flatMap(([name, member]): Finding[] => {
    const path = prefix + shown(name);
    const type = Object.hasOwn(schema, name) ? schema[name] : undefined;
    if (type === undefined) return [[path, "not allowed by the proxy"]];
    if (isObject(type) && isObject(member)) return findingsIn(member, type, `${path}.`);
    const expected = EXPECTED[typeof type === "string" ? type : "object"];
    return pick(member, type) === undefined ? [[path, `wanted: ${expected}`]] : [];
  });
}

export function isObject<T>(value: T): value is Exclude<T & object, readonly unknown[]> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A name as a response repeats it: one that is long may be a person's data in the wrong place. */
export function shown(name: string): string {
  return name.length > 40 ? "(a long name)" : name;
}
