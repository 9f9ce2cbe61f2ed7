// Looking at values that may be anything: a proxy, a getter that throws, another realm's object.
// Nothing here throws.

/**
 * What sort of value it is; the numbers are those of `kind` in src/host/view.rs.
 * @param {unknown} value
 */
export function kindOf(value) {
  switch (typeof value) {
    case "undefined":
      return 0;
    case "boolean":
      return 2;
    case "number":
      return 3;
    case "string":
      return 4;
    case "object":
      if (value === null) return 1;
      try {
        return Array.isArray(value) ? 5 : 6;
      } catch {
        return 7;
      }
    default:
      return 7;
  }
}

/**
 * An own member. What comes down a prototype does not count, so that a polluted one changes
 * nothing.
 * @param {any} value
 * @param {string | number} name
 */
export function member(value, name) {
  // Most options are left out: not worth an exception.
  if (value === undefined || value === null) return undefined;
  try {
    return Object.hasOwn(value, name) ? value[name] : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {any} value
 * @returns {string[]}
 */
export function names(value) {
  try {
    return Object.keys(value);
  } catch {
    return [];
  }
}
