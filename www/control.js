// One field of a form: label, input, hint and the errors next to it.
import { h, setAttribute } from "./dom.js";
import { check, tidy } from "./input.js";

/** @import { Field } from "./fields.js" */

/**
 * @typedef {object} Settings
 * @property {string} text
 * @property {string | undefined} [emptyChoice] the choice of no value
 * @property {string | undefined} [hint]
 * @property {boolean} [isChecked] whether the text is tidied and checked when the field is left
 */

let made = 0;

export class Control {
  #field;
  /** @type {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} */
  #input;
  #note;
  #error;
  #hintId;
  /** Whether the person has changed the text. What the server has stored is left alone. */
  #isEdited = false;

  /**
   * @param {Field} field
   * @param {Settings} settings
   */
  constructor(field, { text, emptyChoice = "(leave out)", hint = field.hint, isChecked = false }) {
    made += 1;
    const id = `field-${made}`;
    this.#field = field;
    this.#hintId = hint ? `${id}-hint` : "";
    this.#note = h("p", { id: `${id}-note`, class: "tidied", role: "status" });
    this.#error = h("p", { id: `${id}-error`, class: "error" });
    this.#input = input(field, { id, text, emptyChoice });
    // What was wrong with the text before says nothing about the new one.
    this.#input.addEventListener("input", () => {
      this.#isEdited = true;
      this.#clear();
    });
    if (isChecked) this.#input.addEventListener("change", () => this.#leave());
    this.element = h("div", { class: `field ${field.kind}` },
      h("div", { class: "field-head" },
        h("label", { for: id }, field.label, field.attributes?.["required"] && h("span", { class: "required" }, " required"))),
      this.#input,
      hint && h("p", { id: this.#hintId, class: "hint" }, hint),
      isChecked && this.#note,
      this.#error);
    this.setErrors([]);
  }

  get text() {
    return this.#input.value;
  }

  set text(text) {
    this.#input.value = text;
    this.#clear();
  }

  /** @param {string[]} messages none takes the mark away */
  setErrors(messages) {
    this.#error.textContent = messages.join(" ");
    setAttribute(this.#input, "aria-invalid", messages.length > 0 ? "true" : null);
    const described = [this.#hintId, messages.length > 0 && this.#error.id].filter(Boolean).join(" ");
    setAttribute(this.#input, "aria-describedby", described || null);
  }

  /** Brings the text into the form that is sent, and says so. */
  tidy() {
    if (!this.#isEdited) return;
    const { text, note } = tidy(this.#field, this.#input.value);
    if (text === this.#input.value) return;
    this.#input.value = text;
    this.#note.textContent = note;
  }

  focus() {
    this.#input.focus();
  }

  #leave() {
    this.tidy();
    if (!this.#isEdited) return;
    const message = check(this.#field, this.text);
    this.setErrors(message === undefined ? [] : [message]);
  }

  #clear() {
    this.#note.textContent = "";
    if (this.#error.textContent !== "") this.setErrors([]);
  }
}

/**
 * @param {Field} field
 * @param {{ id: string, text: string, emptyChoice: string }} settings
 */
function input({ name, kind, choices, texts, isAlwaysSet, attributes }, { id, text, emptyChoice }) {
  // These are other people's data: the browser shall not remember them, nor offer them again.
  const common = { id, name, autocomplete: "off", spellcheck: "false", ...attributes };
  if (kind === "choice" || kind === "boolean") {
    const values = kind === "boolean" ? ["true", "false"] : (choices ?? []);
    return select(common, { values, texts, value: text, emptyChoice: isAlwaysSet ? undefined : emptyChoice });
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
 * @param {{ values: string[], texts: Record<string, string> | undefined, value: string, emptyChoice: string | undefined }} choice
 *   `value` is also offered if it is none of the values: the API may add some
 */
function select(attributes, { values, texts, value, emptyChoice }) {
  const all = value && !values.includes(value) ? [...values, value] : values;
  const element = h("select", attributes,
    emptyChoice !== undefined && h("option", { value: "" }, emptyChoice),
    ...all.map((choice) => h("option", { value: choice }, texts?.[choice] ?? choice)));
  element.value = value;
  return element;
}
