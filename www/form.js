// Creating, patching and replacing a customer: one form in three modes.
import { AddressGroup } from "./address.js";
import { isSyncteraError } from "./api.js";
import { Control } from "./control.js";
import { ask } from "./dialog.js";
import { h } from "./dom.js";
import { draftOf, initialText } from "./draft.js";
import { fieldErrors } from "./errors.js";
import { ADDRESSES, GROUPS, OTHER, isSent } from "./fields.js";
import { lastFour, nameOf } from "./format.js";
import { guard } from "./guard.js";
import { reviewOf } from "./review.js";
import { hashOf } from "./route.js";
import { showSaved } from "./undo.js";

/** @import { CustomerInBody, CustomerWrite } from "/pkg/entries/default.js" */
/** @import { Field, Mode } from "./fields.js" */
/** @import { Body, Entries } from "./draft.js" */
/** @import { Context } from "./main.js" */

/** @type {Record<Mode, { title: string, submit: string, about: string }>} */
const WORDS = {
  create: { title: "New customer", submit: "Create", about: "Only the status is required. Empty fields are left out." },
  patch: {
    title: "Edit",
    submit: "Save changes",
    about: "Only what you change is sent. The API cannot clear a field.",
  },
  replace: {
    title: "Replace",
    submit: "Replace",
    about: "The whole customer is sent as it stands here. To change a few fields, edit instead.",
  },
};
const UNSAVED = "What you have typed is not saved. Leave this form?";

/** @param {Context} context */
export function createView(context) {
  return { title: WORDS.create.title, element: new CustomerForm(context, "create", undefined).element };
}

/**
 * The form for a stored customer, which is read first.
 *
 * @param {Context} context
 * @param {"patch" | "replace"} mode
 * @param {string} id
 */
export function changeView(context, mode, id) {
  const element = h("div", {}, h("p", { class: "loading" }, "Loading…"));
  const load = async () => {
    try {
      const loaded = await context.session.get(id, { signal: context.signal });
      element.replaceChildren(new CustomerForm(context, mode, loaded).element);
      context.focusHeading(element);
    } catch (error) {
      if (context.signal.aborted) return;
      element.replaceChildren(h("h1", { tabindex: "-1" }, WORDS[mode].title));
      const toList = () => context.go({ view: "list" });
      context.alert.show(error, { onRetry: load, onConnect: context.disconnect, onList: toList });
    }
  };
  load();
  return { title: WORDS[mode].title, element };
}

class CustomerForm {
  #context;
  #mode;
  #loaded;
  /** By path, in the order of the form. @type {Map<string, Control | AddressGroup>} */
  #controls = new Map();
  #submit;
  #progress = h("p", { class: "summary", role: "status" });
  #shippingWarning = h("p", { class: "warning", id: "shipping-warning" });
  #busy = false;
  #isSaved = false;
  /** The body that was sent last. @type {Body} */
  #sent = {};
  #initial;

  /**
   * @param {Context} context
   * @param {Mode} mode
   * @param {CustomerInBody | undefined} loaded
   */
  constructor(context, mode, loaded) {
    this.#context = context;
    this.#mode = mode;
    this.#loaded = loaded;
    const { title, submit, about } = WORDS[mode];
    this.#submit = h("button", { type: "submit", class: "primary" }, submit);
    const back = hashOf(loaded ? { view: "detail", id: loaded.id } : { view: "list" });
    /** @param {SubmitEvent} event */
    const onsubmit = (event) => {
      event.preventDefault();
      this.#send();
    };
    this.element = h("form", {
      class: "customer-form",
      novalidate: true,
      autocomplete: "off",
      "aria-labelledby": "form-title",
      onsubmit,
      oninput: () => this.#edited(),
      onchange: () => this.#edited(),
      onfocusin: showWhole,
    },
    h("h1", { id: "form-title", tabindex: "-1" }, loaded ? `${title}: ${nameOf(loaded)}` : title),
    h("p", { class: "about" }, about),
    ...GROUPS.map((group) => this.#group(group)),
    h("div", { class: "pair" }, ...ADDRESSES.map((address) => this.#address(address))),
    this.#group(OTHER),
    h("div", { class: "card submit-bar" },
      this.#progress,
      h("div", { class: "actions" }, h("a", { class: "button quiet", href: back }, "Cancel"), this.#submit)));
    this.#initial = JSON.stringify([...this.#entries()]);
    guard(() => (this.#hasUnsaved() ? UNSAVED : undefined), context.signal);
    this.#edited();
  }

  #hasUnsaved() {
    // While it is sent, leaving the form loses nothing that was typed.
    return !this.#isSaved && !this.#busy && JSON.stringify([...this.#entries()]) !== this.#initial;
  }

  /** @param {{ title: string, fields: Field[] }} group */
  #group({ title, fields }) {
    const controls = fields.filter((field) => isSent(field, this.#mode)).map((field) => this.#control(field));
    return h("fieldset", { class: "group" }, h("legend", {}, title), h("div", { class: "fields" }, ...controls));
  }

  /** @param {Field} field */
  #control(field) {
    const stored = this.#loaded?.[/** @type {keyof CustomerInBody} */ (field.name)];
    const keepsSsn = field.kind === "secret" && typeof stored === "string";
    const control = new Control(field, {
      text: initialText(field, stored),
      emptyChoice: field.attributes?.["required"] ? "(choose)" : "(leave out)",
      hint: keepsSsn ? `Stored: ${lastFour(stored)}. Empty leaves it unchanged.` : field.hint,
      isChecked: true,
    });
    this.#controls.set(field.name, control);
    return control.element;
  }

  /** @param {{ name: string, title: string }} address */
  #address(address) {
    const group = new AddressGroup(address, {
      stored: /** @type {object | undefined} */ (this.#loaded?.[/** @type {keyof CustomerInBody} */ (address.name)]),
      about: address.name === "shipping_address" && this.#shippingWarning,
    });
    this.#controls.set(address.name, group);
    for (const [path, control] of group.controls) this.#controls.set(path, control);
    return group.element;
  }

  /** @returns {Entries} */
  #entries() {
    const typed = [...this.#controls].flatMap(([path, control]) => (control instanceof Control ? [[path, control.text]] : []));
    return new Map(/** @type {[string, string][]} */ (typed));
  }

  /** Says what would be sent now, by names only. */
  #edited() {
    const { body } = draftOf(this.#mode, this.#loaded, this.#entries());
    const names = Object.keys(body);
    if (this.#mode === "patch") {
      this.#progress.textContent = names.length > 0 ? `Will send: ${names.join(", ")}` : "Nothing changed yet.";
    }
    this.#warnOfShipping(body);
  }

  /** @param {Body} body */
  #warnOfShipping(body) {
    const copies = this.#mode !== "patch" && !("shipping_address" in body);
    this.#shippingWarning.hidden = this.#mode === "patch" || (this.#mode === "create" && !copies);
    this.#shippingWarning.classList.toggle("strong", copies && this.#mode === "replace");
    this.#shippingWarning.textContent = this.#mode === "create"
      ? "Without a shipping address, the API stores a copy of the legal one."
      : `Without a shipping address, the stored one is overwritten with a copy of the legal one.${copies ? " It is empty now." : ""}`;
  }

  #send() {
    if (this.#busy) return;
    this.#context.alert.clear();
    for (const control of this.#controls.values()) if (control instanceof Control) control.tidy();
    const { body, faults } = draftOf(this.#mode, this.#loaded, this.#entries());
    this.#mark(faults);
    this.#goToFirst(faults);
    if (faults.size > 0) {
      this.#progress.textContent = `Not sent: ${faults.size === 1 ? "one field has" : `${faults.size} fields have`} to be corrected.`;
    } else if (this.#mode === "patch" && Object.keys(body).length === 0) {
      this.#progress.textContent = "Nothing changed, so nothing was sent.";
    } else {
      this.#review(body);
    }
  }

  /**
   * Shows what a change of a stored customer does, and sends it after a yes.
   *
   * @param {Body} body
   */
  async #review(body) {
    const { title } = WORDS[this.#mode];
    const goesOn = !this.#loaded || await ask({
      title: `${title}: what is sent`,
      content: reviewOf(this.#mode, this.#loaded, body),
      confirm: "Send",
      cancel: "Back to the form",
      signal: this.#context.signal,
    });
    if (!goesOn) return;
    this.#sent = body;
    this.#call(body);
  }

  /**
   * @param {Body} body
   * @param {string} [idempotencyKey] of the first try, where this is its repetition
   */
  async #call(body, idempotencyKey) {
    const { session, signal } = this.#context;
    this.#setBusy(true);
    try {
      // Leaving the form cancels the call; what is repeated from another view goes on.
      const ends = signal.aborted ? {} : { signal };
      const saved = await this.#operation(body, { ...(idempotencyKey && { idempotencyKey }), ...ends });
      this.#setBusy(false);
      this.#done(saved);
    } catch (error) {
      this.#setBusy(false);
      const isNothing = isSyncteraError(error, "AbortError") && error.outcome !== "unknown";
      if (!session.isClosed && !isNothing) this.#fail(error, body);
    }
  }

  /**
   * @param {Body} body
   * @param {{ idempotencyKey?: string, signal?: AbortSignal }} settings
   */
  #operation(body, settings) {
    const { session } = this.#context;
    // What a person types may be anything; whether it is a customer is the client's to judge.
    const customer = /** @type {any} */ (body);
    if (!this.#loaded) return session.create(/** @type {CustomerWrite} */ (customer), settings);
    if (this.#mode === "patch") return session.patch(this.#loaded.id, customer, settings);
    return session.replace(this.#loaded.id, customer, settings);
  }

  /** @param {CustomerInBody} saved */
  #done(saved) {
    const { go, notice, returnTo, query } = this.#context;
    this.#isSaved = true;
    query.keep(saved);
    if (this.#loaded) {
      go({ view: "detail", id: saved.id });
      if (this.#mode === "patch") showSaved(this.#context, { before: this.#loaded, patch: this.#sent, saved });
      else notice.show(`Replaced: ${nameOf(saved)}.`);
      return;
    }
    // Back to where it can be seen: the newest first, whatever was filtered before.
    query.showNewest();
    returnTo(saved.id);
    go({ view: "list" });
    notice.show("Created: ", h("a", { href: hashOf({ view: "detail", id: saved.id }) }, nameOf(saved)), ".");
  }

  /** Goes to where what may have been done can be seen. */
  #find() {
    const { go, query } = this.#context;
    if (this.#loaded) return go({ view: "detail", id: this.#loaded.id });
    query.showNewest();
    go({ view: "list" });
  }

  /**
   * @param {unknown} error
   * @param {Body} body
   */
  #fail(error, body) {
    const fields = fieldErrors(error);
    const others = this.#mark(fields);
    this.#progress.textContent = isSyncteraError(error, "ValidationError") ? "Not sent." : "Failed.";
    this.#context.alert.show(error, {
      onRepeat: (idempotencyKey) => this.#call(body, idempotencyKey),
      onRetry: () => this.#call(body),
      onFind: () => this.#find(),
      onConnect: this.#context.disconnect,
      onList: () => this.#context.go({ view: "list" }),
    }, others);
    // After the alert has taken its place, so that what is gone to is in sight.
    if (!this.#goToFirst(fields)) this.#context.alert.focus();
  }

  /**
   * Marks the fields, and returns the messages about no field of this form.
   *
   * @param {import("./errors.js").FieldErrors} errors
   */
  #mark(errors) {
    for (const [path, control] of this.#controls) control.setErrors(errors.get(path) ?? []);
    return [...errors]
      .filter(([path]) => !this.#controls.has(path))
      .map(([path, messages]) => `${path}: ${messages.join(" ")}`);
  }

  /**
   * Goes to the first field with a message, if there is one.
   *
   * @param {import("./errors.js").FieldErrors} errors
   */
  #goToFirst(errors) {
    const first = [...this.#controls].find(([path]) => errors.has(path));
    first?.[1].focus();
    return first !== undefined;
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    this.#busy = busy;
    this.element.setAttribute("aria-busy", String(busy));
    if (busy) this.#submit.setAttribute("aria-disabled", "true");
    else this.#submit.removeAttribute("aria-disabled");
    if (busy) this.#progress.textContent = "Sending…";
  }
}

/**
 * Scrolls a field that gets the focus out from under the bars. Browsers leave one where it is of which a part is seen.
 *
 * @param {FocusEvent} event
 */
function showWhole({ target }) {
  if (target instanceof Element && target.matches("input, select, textarea")) target.scrollIntoView({ block: "nearest" });
}
