// One customer: every field that came, those that this page does not know included.
import { h } from "./dom.js";
import { badge } from "./list.js";
import { lastFour, masked, nameOf, plain } from "./format.js";
import { hashOf } from "./route.js";

/** @import { Address, CustomerInBody } from "/pkg/entries/default.js" */
/** @import { Context } from "./main.js" */

/** Fields by section; whatever else comes is shown under “Other”. */
const SECTIONS = {
  Standing: ["status", "ban_status", "kyc_status", "kyc_last_run", "kyc_exempt", "has_accounts"],
  Person: ["first_name", "middle_name", "last_name", "dob", "ssn", "ssn_source"],
  Contact: ["email", "phone_number"],
  Record: ["id", "tenant", "creation_time", "last_updated_time"],
};

const ADDRESSES = ["legal_address", "shipping_address"];
const ELSEWHERE = [...Object.values(SECTIONS).flat(), ...ADDRESSES, "addresses", "metadata"];

/**
 * @param {Context} context
 * @param {string} id
 */
export function detailView(context, id) {
  const element = h("div", { class: "detail" });
  const load = async () => {
    context.alert.clear();
    element.setAttribute("aria-busy", "true");
    if (!element.hasChildNodes()) element.append(skeleton());
    try {
      const customer = await context.session.get(id, { signal: context.signal });
      context.returnTo(id);
      element.replaceChildren(...content(customer, load));
    } catch (error) {
      if (context.signal.aborted) return;
      element.replaceChildren(h("h1", { tabindex: "-1" }, "Customer"), backLink());
      const toList = () => context.go({ view: "list" });
      context.alert.show(error, { onRetry: load, onConnect: context.disconnect, onList: toList });
    } finally {
      element.removeAttribute("aria-busy");
    }
    context.focusHeading(element);
  };
  load();
  return { title: "Customer", element };
}

/**
 * @param {CustomerInBody} customer
 * @param {() => void} reload
 */
function content(customer, reload) {
  const { id } = customer;
  const fields = /** @type {Record<string, unknown>} */ ({ ...customer });
  const unknown = Object.keys(fields).filter((name) => !ELSEWHERE.includes(name));
  return [
    backLink(),
    h("div", { class: "section-head" },
      h("h1", { tabindex: "-1" }, nameOf(customer), " ", badge(customer.status)),
      h("div", { class: "actions" },
        h("button", { type: "button", onclick: reload }, "Reload"),
        h("a", { class: "button", href: hashOf({ view: "replace", id }) }, "Replace"),
        h("a", { class: "button primary", href: hashOf({ view: "patch", id }) }, "Edit"))),
    h("div", { class: "cards" },
      ...Object.entries(SECTIONS).map(([title, names]) => section(title, fields, names)),
      addressCard("Legal address", customer.legal_address),
      addressCard("Shipping address", customer.shipping_address),
      allAddresses(customer.addresses),
      metadataCard(customer.metadata),
      unknown.length > 0 && section("Other", fields, unknown)),
  ];
}

/**
 * @param {string} title
 * @param {Record<string, unknown>} fields
 * @param {string[]} names
 */
function section(title, fields, names) {
  const rows = names.map((name) => h("div", {}, h("dt", {}, name), h("dd", {}, shown(name, fields[name]))));
  return h("section", { class: "card" }, h("h2", {}, title), h("dl", { class: "facts" }, ...rows));
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function shown(name, value) {
  if (value === undefined) return h("span", { class: "absent" }, "not set");
  if (name === "ssn" && typeof value === "string") return lastFour(value);
  if (name.endsWith("status") && typeof value === "string") return badge(value);
  if (name.endsWith("_time") || name === "kyc_last_run") return h("time", { datetime: String(value) }, String(value));
  if (typeof value === "object" && value !== null) return h("pre", {}, plain(value));
  return plain(value);
}

/**
 * @param {string} title
 * @param {Address | undefined} address
 */
function addressCard(title, address) {
  return h("section", { class: "card" }, h("h2", {}, title), address ? addressFacts(address) : absent("No address on file."));
}

/** @param {Address} address */
function addressFacts(address) {
  const rows = Object.entries(address).map(([name, value]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, shown(name, value))));
  return h("dl", { class: "facts" }, ...rows);
}

/** @param {Address[] | undefined} addresses */
function allAddresses(addresses) {
  const count = addresses?.length ?? 0;
  const items = (addresses ?? []).map((address) =>
    h("details", {},
      h("summary", {}, masked([address.address_type, address.city ?? address.address_line_1].filter(Boolean).join(", "))),
      addressFacts(address)));
  return h("section", { class: "card" },
    h("h2", {}, `All addresses (${count})`),
    count > 0 ? items : absent("No address on file."));
}

/** @param {Record<string, unknown> | undefined} metadata */
function metadataCard(metadata) {
  return h("section", { class: "card" },
    h("h2", {}, "Metadata"),
    metadata ? h("pre", { tabindex: "0", role: "group", "aria-label": "Metadata" }, plain(metadata)) : absent("No metadata."));
}

/** @param {string} message */
function absent(message) {
  return h("p", { class: "absent" }, message);
}

function backLink() {
  return h("p", { class: "back" }, h("a", { href: hashOf({ view: "list" }) }, "← All customers"));
}

function skeleton() {
  return h("div", { class: "cards", "aria-hidden": "true" },
    ...Array.from({ length: 4 }, () =>
      h("section", { class: "card" }, ...Array.from({ length: 5 }, () => h("span", { class: "bone" })))));
}
