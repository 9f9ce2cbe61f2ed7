// Which view the fragment names. It holds nothing about a person: of the list only status and order, and
// of a customer not the id but a random reference that only this page can resolve. Browsers keep addresses.

/**
 * @typedef {{ view: "list", address?: Record<string, string> } | { view: "create" } | { view: "import" }
 *   | { view: "detail" | "patch" | "replace", id: string }} Route
 */

/** What an address may say of the list, and the only values that it may have. */
const LIST_PARAMETERS = { status: /^[A-Z]{1,20}$/, sort: /^[a-z_]{1,20}:(asc|desc)$/ };

/** The references by id, and back. They last as long as the page and its connection. */
/** @type {Map<string, string>} */
const references = new Map();
/** @type {Map<string, string>} */
const ids = new Map();

/**
 * The list, if the fragment names a customer that this page does not know.
 *
 * @param {string} hash
 * @returns {Route}
 */
export function parseRoute(hash) {
  const [path = "", search] = hash.replace(/^#\/?/, "").split("?");
  const [first, reference = "", action] = path.split("/");
  if (first === "new") return { view: "create" };
  if (first === "import") return { view: "import" };
  const id = ids.get(reference);
  if (first !== "customers" || id === undefined) return { view: "list", address: addressOf(search) };
  const known = action === "patch" || action === "replace";
  return { view: known ? action : "detail", id };
}

/** @param {Route} route */
export function hashOf(route) {
  if (route.view === "list") {
    const search = new URLSearchParams(route.address).toString();
    return search === "" ? "#/" : `#/?${search.replaceAll("%3A", ":")}`;
  }
  if (route.view === "create") return "#/new";
  if (route.view === "import") return "#/import";
  const base = `#/customers/${referenceOf(route.id)}`;
  return route.view === "detail" ? base : `${base}/${route.view}`;
}

/** @param {string | undefined} search */
function addressOf(search) {
  const given = new URLSearchParams(search);
  return Object.fromEntries(Object.entries(LIST_PARAMETERS).flatMap(([name, form]) => {
    const value = given.get(name);
    return value !== null && form.test(value) ? [[name, value]] : [];
  }));
}

/** After this, addresses of customers lead to the list. */
export function forgetReferences() {
  references.clear();
  ids.clear();
}

/** @param {string} id */
function referenceOf(id) {
  let reference = references.get(id);
  if (reference === undefined) {
    // Random, so that an address from before a reload does not lead to another customer.
    const parts = crypto.getRandomValues(new Uint32Array(3));
    reference = Array.from(parts, (part) => part.toString(36)).join("");
    references.set(id, reference);
    ids.set(reference, id);
  }
  return reference;
}
