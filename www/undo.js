// What is said after a patch, with the way back: a second patch with the old values.
import { undoOf } from "./changes.js";
import { h } from "./dom.js";
import { nameOf } from "./format.js";

/** @import { CustomerInBody } from "/pkg/entries/default.js" */
/** @import { Body } from "./changes.js" */
/** @import { Context } from "./main.js" */

/**
 * Says on the customer's page that a patch is done, and offers to undo it.
 *
 * @param {Context} context
 * @param {{ before: CustomerInBody, patch: Body, saved: CustomerInBody }} change
 */
export function showSaved(context, { before, patch, saved }) {
  const { patch: back, lost } = undoOf(before, patch);
  const name = nameOf(saved);
  if (Object.keys(back).length === 0) {
    context.notice.show(`Saved: ${name}.`);
    return;
  }
  const onclick = () => undo(context, { id: saved.id, back });
  const except = lost.length > 0 ? ` Undo leaves ${lost.join(", ")}.` : "";
  context.notice.show(`Saved: ${name}.${except} `, h("button", { type: "button", onclick }, "Undo"));
}

/**
 * @param {Context} context
 * @param {{ id: string, back: Body }} change
 * @param {string} [idempotencyKey] of the first try, where this is its repetition
 */
async function undo(context, { id, back }, idempotencyKey) {
  const { session, query, go, notice, alert, disconnect } = context;
  const address = location.hash;
  const isElsewhere = () => location.hash !== address;
  notice.clear();
  try {
    const saved = await session.patch(id, /** @type {any} */ (back), idempotencyKey ? { idempotencyKey } : {});
    query.keep(saved);
    if (isElsewhere()) return;
    go({ view: "detail", id });
    notice.show(`Undone: ${nameOf(saved)}.`);
  } catch (error) {
    if (isElsewhere()) return;
    alert.show(error, {
      onRepeat: (key) => undo(context, { id, back }, key),
      onRetry: () => undo(context, { id, back }),
      onConnect: disconnect,
    });
  }
}
