// Allow-lists of fields: what may pass of a value, down to the members of what is inside it.

/** By name: `true` for all of a field, a list for some of its members. */
export type AllowList = ReadonlyMap<string, true | AllowList>;

/** Reads paths such as `email` and `legal_address.city`. */
export function allowList(paths: readonly string[]): AllowList {
  const names = new Set(paths.map((path) => path.replace(/\..*/, "")));
  return new Map([...names].map((name) => [name, paths.includes(name) || allowList(inside(paths, name))]));
}

function inside(paths: readonly string[], name: string): string[] {
  const start = `${name}.`;
  return paths.filter((path) => path.startsWith(start)).map((path) => path.slice(start.length));
}

/** A copy of a value with what is listed; nothing, if there is nothing in it that could be. */
export function pick(value: unknown, list: AllowList): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, list)).filter((item) => item !== undefined);
  if (!isObject(value)) return undefined;
  const kept = Object.entries(value).flatMap(([name, member]) => {
    const rule = list.get(name);
    const passed = rule === undefined ? undefined : rule === true ? member : pick(member, rule);
    return passed === undefined ? [] : [[name, passed]];
  });
  return Object.fromEntries(kept);
}

/** The paths of what is in an object and not listed. */
export function unlisted(value: object, list: AllowList, prefix = ""): string[] {
  return Object.entries(value).flatMap(([name, member]) => {
    const rule = list.get(name);
    const path = prefix + shown(name);
    if (rule === true) return [];
    return rule !== undefined && isObject(member) ? unlisted(member, rule, `${path}.`) : [path];
  });
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A name as an answer repeats it: one that is long may be somebody's data in the wrong place. */
export function shown(name: string): string {
  return name.length > 40 ? "(a long name)" : name;
}
