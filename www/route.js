// Which view the fragment names. Filters are not part of it: they may be personal data, and
// addresses end up in histories.

/**
 * @typedef {{ view: "list" } | { view: "create" }
 *   | { view: "detail" | "patch" | "replace", id: string }} Route
 */

/**
 * @param {string} hash
 * @returns {Route}
 */
export function parseRoute(hash) {
  const [first, id, action] = hash.replace(/^#\/?/, "").split("/");
  if (first === "new") return { view: "create" };
  if (first !== "customers" || !id) return { view: "list" };
  const known = action === "patch" || action === "replace";
  return { view: known ? action : "detail", id: decoded(id) };
}

/** @param {Route} route */
export function hashOf(route) {
  if (route.view === "list") return "#/";
  if (route.view === "create") return "#/new";
  const base = `#/customers/${encodeURIComponent(route.id)}`;
  return route.view === "detail" ? base : `${base}/${route.view}`;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
