// What a change of a stored customer does, field by field, for the question before it is sent.
import { changesOf, droppedBy } from "./changes.js";
import { h } from "./dom.js";

/** @import { CustomerInBody } from "/pkg/entries/default.js" */
/** @import { Body } from "./changes.js" */
/** @import { Mode } from "./fields.js" */

/**
 * The elements that show it.
 *
 * @param {Mode} mode
 * @param {CustomerInBody} stored
 * @param {Body} body
 */
export function reviewOf(mode, stored, body) {
  const changes = changesOf(stored, body);
  const dropped = droppedBy(stored, body, mode === "patch" ? "patch" : "replace");
  const copies = mode === "replace" && !("shipping_address" in body) && stored.shipping_address !== undefined;
  return [
    changes.length > 0 ? changeTable("Fields that change", changes, true) : h("p", {}, "No field gets another value."),
    dropped.length > 0 && changeTable(mode === "patch" ? "Left out of the address" : "Fields that are dropped", dropped, false),
    copies && h("p", { class: "warning strong" }, "The stored shipping address is overwritten with a copy of the legal one."),
    mode === "replace" && stored.ssn !== undefined && body["ssn"] === stored.ssn
      && h("p", { class: "hint" }, "The SSN is not sent. The API does not say whether it keeps it."),
  ];
}

/**
 * @param {string} caption
 * @param {import("./changes.js").Change[]} changes
 * @param {boolean} hasAfter whether there is a value after the change
 */
function changeTable(caption, changes, hasAfter) {
  const rows = changes.map(({ label, before, after }) =>
    h("tr", {},
      h("th", { scope: "row" }, label),
      h("td", { class: "before" }, before),
      hasAfter && h("td", { class: "after" }, after)));
  return h("table", { class: "changes" },
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...["Field", "Before", ...(hasAfter ? ["After"] : [])].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, ...rows));
}
