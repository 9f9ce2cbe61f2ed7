// One customer: a profile for reading, with every field that came, and the same as JSON.
import { h, setAttribute } from "./dom.js";
import { labelOf } from "./fields.js";
import { lastFour, masked, nameOf, plain } from "./format.js";
import { hashOf } from "./route.js";
import { standingButtons } from "./standing.js";
import { badge, copyButton, instant } from "./values.js";

/** @import { Address, CustomerInBody } from "/pkg/entries/default.js" */
/** @import { Context } from "./main.js" */

/** Fields by section; whatever else comes is shown under “Other”. */
const SECTIONS = {
  Standing: ["status", "ban_status", "kyc_status", "kyc_last_run", "kyc_exempt", "has_accounts"],
  Person: ["first_name", "middle_name", "last_name", "dob", "ssn", "ssn_source", "email", "phone_number"],
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
      context.query.keep(customer);
      element.replaceChildren(...content(context, customer, load));
    } catch (error) {
      if (context.signal.aborted) return;
      element.replaceChildren(h("h1", { tabindex: "-1" }, "Customer"), backLink(context));
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
 * @param {Context} context
 * @param {CustomerInBody} customer
 * @param {() => void} reload
 */
function content(context, customer, reload) {
  const { id } = customer;
  const raw = h("pre", { class: "raw", tabindex: "0" });
  return [
    backLink(context),
    h("div", { class: "section-head" },
      h("h1", { tabindex: "-1" }, nameOf(customer), " ", badge(customer.status)),
      h("div", { class: "actions" },
        h("button", { type: "button", onclick: reload }, "Reload"),
        ...standingButtons(context, customer),
        h("a", { class: "button", href: hashOf({ view: "replace", id }) }, "Replace"),
        h("a", { class: "button primary", href: hashOf({ view: "patch", id }) }, "Edit"))),
    ...tabs([
      { name: "Profile", panel: profile(customer), fill: () => {} },
      { name: "JSON", panel: raw, fill: () => raw.replaceChildren(masked(JSON.stringify(customer, null, 2))) },
    ]),
  ];
}

/**
 * A list of tabs and their panels, of which the first is shown. Arrow keys move between the tabs. `fill` is called
 * when a panel is shown.
 *
 * @param {{ name: string, panel: HTMLElement, fill: () => void }[]} all
 */
function tabs(all) {
  const list = h("div", { class: "tabs", role: "tablist", "aria-label": "Views of the customer" });
  /** @param {number} chosen */
  const show = (chosen) => {
    all.forEach(({ panel }, index) => {
      const tab = /** @type {HTMLElement} */ (list.children[index]);
      setAttribute(tab, "aria-selected", index === chosen ? "true" : "false");
      setAttribute(tab, "tabindex", index === chosen ? "0" : "-1");
      panel.hidden = index !== chosen;
    });
    all[chosen]?.fill();
  };
  /** @param {KeyboardEvent} event */
  const onkeydown = ({ key, target }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (step === undefined) return;
    const at = [...list.children].indexOf(/** @type {Element} */ (target));
    const next = (at + step + all.length) % all.length;
    show(next);
    /** @type {HTMLElement} */ (list.children[next]).focus();
  };
  list.addEventListener("keydown", onkeydown);
  all.forEach(({ name, panel }, index) => {
    const id = `tab-${name.toLowerCase()}`;
    list.append(h("button", { type: "button", role: "tab", id, "aria-controls": `${id}-panel`, onclick: () => show(index) }, name));
    panel.id = `${id}-panel`;
    setAttribute(panel, "role", "tabpanel");
    setAttribute(panel, "aria-labelledby", id);
  });
  show(0);
  return [list, ...all.map(({ panel }) => panel)];
}

/** @param {CustomerInBody} customer */
function profile(customer) {
  const fields = /** @type {Record<string, unknown>} */ ({ ...customer });
  const unknown = Object.keys(fields).filter((name) => !ELSEWHERE.includes(name));
  return h("div", { class: "cards" },
    ...Object.entries(SECTIONS).map(([title, names]) => section(title, fields, names)),
    addressesCard(customer),
    allAddresses(customer.addresses),
    metadataCard(customer.metadata),
    unknown.length > 0 && section("Other", fields, unknown));
}

/**
 * @param {string} title
 * @param {Record<string, unknown>} fields
 * @param {string[]} names
 */
function section(title, fields, names) {
  return h("section", { class: "card" }, h("h2", {}, title), facts(names.map((name) => [name, fields[name]])));
}

/** @param {[name: string, value: unknown][]} fields */
function facts(fields) {
  return h("dl", { class: "facts" }, ...fields.map(([name, value]) =>
    h("div", {}, h("dt", { title: name }, labelOf(name) ?? h("code", {}, name)), h("dd", {}, shown(name, value)))));
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function shown(name, value) {
  if (value === undefined) return h("span", { class: "absent" }, "not set");
  if (typeof value === "object" && value !== null) return h("pre", {}, plain(value));
  if (typeof value !== "string") return plain(value);
  if (name === "ssn") return lastFour(value);
  if (name === "id") return h("span", { class: "id-line" }, h("code", {}, value), copyButton("Copy the id", value));
  if (name.endsWith("status")) return badge(value);
  if (name.endsWith("_time") || name === "kyc_last_run") return instant(value);
  return plain(value);
}

/**
 * Both addresses next to each other, so that a difference is seen.
 *
 * @param {CustomerInBody} customer
 */
function addressesCard({ legal_address, shipping_address }) {
  return h("section", { class: "card wide" },
    h("div", { class: "pair" },
      addressPart("Legal address", legal_address),
      addressPart("Shipping address", shipping_address)));
}

/**
 * @param {string} title
 * @param {Address | undefined} address
 */
function addressPart(title, address) {
  return h("div", {}, h("h2", {}, title), address ? addressFacts(address) : absent("No address on file."));
}

/**
 * What people read of an address first, then the rest.
 *
 * @param {Address} address
 */
function addressFacts(address) {
  const { id, address_type, ...members } = address;
  return facts(Object.entries({ ...members, ...(address_type && { address_type }), ...(id && { id }) }));
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

/** @param {Context} context */
function backLink({ query }) {
  return h("p", { class: "back" }, h("a", { href: hashOf({ view: "list", address: query.address }) }, "← All customers"));
}

function skeleton() {
  return h("div", { class: "cards", "aria-hidden": "true" },
    ...Array.from({ length: 4 }, () =>
      h("section", { class: "card" }, ...Array.from({ length: 5 }, () => h("span", { class: "bone" })))));
}
