// One field of a form: label, input, hint and the errors next to it.
import { h, setAttribute } from "./dom.js";

/** @import { Field } from "./fields.js" */

let made = 0;

export class Control {
  /** @type {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} */
  #input;
  #error;
  #hintId;

  /**
   * @param {Field} field
   * @param {{ text: string, emptyChoice?: string, hint?: string | undefined }} settings
   */
  constructor(field, { text, emptyChoice = "(leave out)", hint = field.hint }) {
    made += 1;
    const id = `field-${made}`;
    this.#hintId = hint ? `${id}-hint` : "";
    this.#error = h("p", { id: `${id}-error`, class: "error" });
    this.#input = input(field, { id, text, emptyChoice });
    this.element = h("div", { class: `field ${field.kind}` },
      h("div", { class: "field-head" },
        h("label", { for: id }, field.label, field.attributes?.["required"] && h("span", { class: "required" }, " required"))),
      this.#input,
      hint && h("p", { id: this.#hintId, class: "hint" }, hint),
      this.#error);
    this.setErrors([]);
  }

  get text() {
    return this.#input.value;
  }

  set text(text) {
    this.#input.value = text;
  }

  /** @param {string[]} messages none takes the mark away */
  setErrors(messages) {
    this.#error.textContent = messages.join(" ");
    setAttribute(this.#input, "aria-invalid", messages.length > 0 ? "true" : null);
    const described = [this.#hintId, messages.length > 0 && this.#error.id].filter(Boolean).join(" ");
    setAttribute(this.#input, "aria-describedby", described || null);
  }

  focus() {
    this.#input.focus();
  }
}

/**
 * @param {Field} field
 * @param {{ id: string, text: string, emptyChoice: string }} settings
 */
function input({ name, kind, choices, attributes }, { id, text, emptyChoice }) {
  // These are other people's data: the browser shall not remember them, nor offer them again.
  const common = { id, name, autocomplete: "off", spellcheck: "false", ...attributes };
  if (kind === "choice" || kind === "boolean") {
    return select(common, kind === "boolean" ? ["true", "false"] : (choices ?? []), text, emptyChoice);
  }
  if (kind === "lines" || kind === "json") {
    const area = h("textarea", { ...common, rows: kind === "json" ? 4 : 2 });
    area.value = text;
    return area;
  }
  const line = h("input", { type: "text", ...common });
  line.value = text;
  return line;
}

/**
 * @param {Record<string, string | number | boolean>} attributes
 * @param {string[]} choices
 * @param {string} value also offered if it is none of the choices: the API may add values
 * @param {string} emptyChoice
 */
function select(attributes, choices, value, emptyChoice) {
  const all = value && !choices.includes(value) ? [...choices, value] : choices;
  const element = h("select", attributes,
    h("option", { value: "" }, emptyChoice),
    ...all.map((choice) => h("option", { value: choice }, choice)));
  element.value = value;
  return element;
}
