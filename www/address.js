// The eight fields of one address, as a group that has errors besides those of its fields.
import { Control } from "./control.js";
import { initialText } from "./draft.js";
import { h, setAttribute } from "./dom.js";
import { ADDRESS_FIELDS } from "./fields.js";

export class AddressGroup {
  #error;
  #fields = h("div", { class: "fields" });
  /** The controls by path, such as `legal_address.city`. @type {Map<string, Control>} */
  controls = new Map();

  /**
   * @param {{ name: string, title: string }} address
   * @param {{ stored: object | undefined, about?: import("./dom.js").Child }} settings
   *   `about` is shown above the fields
   */
  constructor({ name, title }, { stored, about }) {
    const before = /** @type {Record<string, unknown>} */ (stored ?? {});
    this.#error = h("p", { id: `${name}-error`, class: "error" });
    for (const field of ADDRESS_FIELDS) {
      const control = new Control(field, { text: initialText(field, before[field.name]), emptyChoice: "", isChecked: true });
      this.controls.set(`${name}.${field.name}`, control);
      this.#fields.append(control.element);
    }
    this.element = h("fieldset", { class: "group address" },
      h("legend", {}, title),
      about,
      this.#error,
      this.#fields);
    this.element.addEventListener("input", () => this.setErrors([]));
  }

  /** @param {string[]} messages about the address as a whole */
  setErrors(messages) {
    this.#error.textContent = messages.join(" ");
    setAttribute(this.element, "aria-describedby", messages.length > 0 ? this.#error.id : null);
    setAttribute(this.element, "data-invalid", messages.length > 0);
  }

  focus() {
    this.controls.values().next().value?.focus();
  }
}
