// Changing where a customer stands: the status, and whether the customer is suspended.
import { isSyncteraError } from "./api.js";
import { ask } from "./dialog.js";
import { h } from "./dom.js";
import { advise, fieldErrors } from "./errors.js";
import { STATUSES } from "./fields.js";
import { showSaved } from "./undo.js";
import { labelled } from "./values.js";

/** @import { CustomerInBody } from "/pkg/entries/default.js" */
/** @import { Body } from "./changes.js" */
/** @import { Context } from "./main.js" */

const NOTE_HINT = "Stored with the change and never returned.";

/**
 * The buttons for a customer's standing. Only Synctera bans, and lifts a ban.
 *
 * @param {Context} context
 * @param {CustomerInBody} customer
 */
export function standingButtons(context, customer) {
  const { ban_status } = customer;
  const isSuspended = ban_status === "SUSPENDED";
  return [
    h("button", { type: "button", onclick: () => changeStatus(context, customer) }, "Change status"),
    (isSuspended || ban_status === "ALLOWED")
      && h("button", { type: "button", onclick: () => changeSuspension(context, customer) }, isSuspended ? "Unsuspend" : "Suspend"),
  ];
}

/**
 * @param {Context} context
 * @param {CustomerInBody} customer
 */
function changeStatus(context, customer) {
  const others = STATUSES.filter((status) => status !== customer.status);
  const status = h("select", { id: "new-status" }, ...others.map((name) => h("option", { value: name }, name)));
  const note = noteInput(false);
  change(context, customer, {
    title: "Change status",
    confirm: "Change status",
    content: [
      h("p", {}, `The status is ${customer.status}.`),
      labelled("new-status", "New status", status),
      labelled("standing-note", "Note", note, NOTE_HINT),
    ],
    read: () => ({ status: status.value, ...(note.value.trim() && { note: note.value.trim() }) }),
  });
}

/**
 * @param {Context} context
 * @param {CustomerInBody} customer
 */
function changeSuspension(context, customer) {
  const isSuspended = customer.ban_status === "SUSPENDED";
  const note = noteInput(true);
  change(context, customer, {
    title: isSuspended ? "Unsuspend" : "Suspend",
    confirm: isSuspended ? "Unsuspend" : "Suspend",
    content: [
      h("p", {}, `The ban status becomes ${isSuspended ? "ALLOWED" : "SUSPENDED"}. The API wants a note with that.`),
      labelled("standing-note", "Note", note, NOTE_HINT),
    ],
    read: () => {
      if (note.value.trim() !== "") return { ban_status: isSuspended ? "ALLOWED" : "SUSPENDED", note: note.value.trim() };
      note.setAttribute("aria-invalid", "true");
      note.focus();
      return "A note is required.";
    },
  });
}

/**
 * Asks for a change and sends it. What can be corrected is said in the dialog; all else on the page.
 *
 * @param {Context} context
 * @param {CustomerInBody} customer
 * @param {{ title: string, confirm: string, content: import("./dom.js").Child[], read: () => Body | string }} question
 *   `read` gives the patch, or what is missing
 */
function change(context, customer, { title, confirm, content, read }) {
  const problem = h("p", { class: "error", role: "alert" });
  const send = async () => {
    problem.textContent = "";
    const patch = read();
    if (typeof patch === "string") {
      problem.textContent = patch;
      return false;
    }
    try {
      await patchStanding(context, customer, patch);
      return true;
    } catch (error) {
      if (context.signal.aborted || advise(error).next !== "none") {
        showFailure(context, customer, patch, error);
        return true;
      }
      problem.textContent = wordsOf(error);
      return false;
    }
  };
  ask({ title, confirm, content: [...content, problem], signal: context.signal, onConfirm: send });
}

/**
 * @param {Context} context
 * @param {CustomerInBody} customer
 * @param {Body} patch
 * @param {string} [idempotencyKey] of the first try, where this is its repetition
 */
async function patchStanding(context, customer, patch, idempotencyKey) {
  const { session, query, signal, go } = context;
  const saved = await session.patch(customer.id, /** @type {any} */ (patch), idempotencyKey ? { idempotencyKey } : {});
  query.keep(saved);
  if (signal.aborted) return;
  go({ view: "detail", id: saved.id });
  showSaved(context, { before: customer, patch, saved });
}

/**
 * @param {Context} context
 * @param {CustomerInBody} customer
 * @param {Body} patch
 * @param {unknown} failure
 */
function showFailure(context, customer, patch, failure) {
  const again = (/** @type {string} */ key = "") =>
    patchStanding(context, customer, patch, key).catch((error) => showFailure(context, customer, patch, error));
  if (context.signal.aborted) return;
  context.alert.show(failure, {
    onRepeat: again,
    onRetry: () => again(),
    onConnect: context.disconnect,
    onList: () => context.go({ view: "list" }),
  });
  context.alert.focus();
}

/** @param {unknown} error */
function wordsOf(error) {
  const fields = [...fieldErrors(error).values()].flat();
  if (isSyncteraError(error) && fields.length > 0) return fields.join(" ");
  const { title, text } = advise(error);
  return `${title}. ${text}`;
}

/** @param {boolean} isRequired */
function noteInput(isRequired) {
  return h("textarea", { id: "standing-note", rows: 3, autocomplete: "off", spellcheck: "false", required: isRequired });
}
