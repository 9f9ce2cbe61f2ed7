// A question in front of the page, with a button that goes on and one that does not.
import { h } from "./dom.js";

let made = 0;

/**
 * Shows a modal dialog. Resolves when it is closed, with whether the person wants to go on.
 *
 * @param {object} settings
 * @param {string} settings.title
 * @param {import("./dom.js").Child[]} settings.content
 * @param {string} settings.confirm what the button says that goes on
 * @param {string} [settings.cancel]
 * @param {AbortSignal} settings.signal closes it when the view is left
 * @param {() => boolean | Promise<boolean>} [settings.onConfirm] keeps the dialog open by `false`
 * @returns {Promise<boolean>}
 */
export function ask({ title, content, confirm, cancel = "Cancel", signal, onConfirm = () => true }) {
  made += 1;
  const id = `dialog-${made}`;
  return new Promise((resolve) => {
    let isBusy = false;
    /** @param {SubmitEvent} event */
    const onsubmit = async (event) => {
      event.preventDefault();
      if (isBusy) return;
      isBusy = true;
      go.setAttribute("aria-disabled", "true");
      const isDone = await onConfirm();
      isBusy = false;
      go.removeAttribute("aria-disabled");
      if (isDone) close(true);
    };
    const go = h("button", { type: "submit", class: "primary" }, confirm);
    const dialog = h("dialog", { class: "dialog", "aria-labelledby": id, onclose: () => close(false) },
      h("form", { novalidate: true, autocomplete: "off", onsubmit },
        h("h2", { id }, title),
        ...content,
        h("div", { class: "actions" },
          h("button", { type: "button", onclick: () => close(false) }, cancel),
          go)));
    /** @param {boolean} goesOn */
    const close = (goesOn) => {
      signal.removeEventListener("abort", leave);
      // Closed first, so that the focus goes back to where it was.
      dialog.close();
      dialog.remove();
      resolve(goesOn);
    };
    const leave = () => close(false);
    signal.addEventListener("abort", leave);
    document.body.append(dialog);
    dialog.showModal();
    /** @type {HTMLElement} */ (dialog.querySelector("select, textarea, input") ?? go).focus();
  });
}
