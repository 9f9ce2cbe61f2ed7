// The page's keys: a palette of commands (Ctrl+K or Cmd+K), the search (/), and what the keys are (?).
import { h, setAttribute } from "./dom.js";
import { FAULTS } from "./faults.js";

/** @import { Faults } from "./faults.js" */
/** @import { Inspector } from "./inspector.js" */
/** @import { Route } from "./route.js" */

/** @typedef {{ label: string, run: () => void }} Command */

const KEYS = [
  ["Ctrl+K, ⌘K", "Commands"],
  ["/", "Search the list"],
  ["?", "These keys"],
  ["Esc", "Close what is open"],
];
const PLACEHOLDER = "Command, or a customer’s id";
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * @typedef {object} Page
 * @property {() => boolean} isConnected
 * @property {(route: Route) => void} go
 * @property {() => void} disconnect
 * @property {Inspector} inspector
 * @property {Faults} faults
 */

/**
 * Listens to the page's keys.
 *
 * @param {Page} page
 */
export function listenToKeys(page) {
  const palette = new Palette(page);
  const help = keysDialog();
  /** @type {Record<string, () => void>} */
  const actions = { "ctrl+k": () => palette.open(), "/": () => search(page), "?": () => help.showModal() };
  addEventListener("keydown", (event) => {
    const run = actions[keyOf(event)];
    if (!run || !page.isConnected() || event.defaultPrevented) return;
    // Not the browser's own search.
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) run();
  });
  return {
    /** For a page that is no longer connected. */
    close() {
      palette.close();
      help.close();
    },
  };
}

/**
 * The key, unless it belongs to what is typed.
 *
 * @param {KeyboardEvent} event
 */
function keyOf({ key, ctrlKey, metaKey, altKey, shiftKey, isComposing, target }) {
  if ((ctrlKey || metaKey) && !altKey && !shiftKey) return `ctrl+${key.toLowerCase()}`;
  return ctrlKey || metaKey || altKey || isComposing || isTyping(target) ? "" : key;
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof Element && target.closest("input, select, textarea, [contenteditable]") !== null;
}

/** @param {Page} page */
function search({ go }) {
  if (!document.querySelector("[role=search]")) go({ view: "list" });
  const field = document.querySelector("[role=search] input");
  if (field instanceof HTMLInputElement) field.focus();
}

class Palette {
  #page;
  #dialog;
  #input;
  #list = h("ul", { id: "commands", role: "listbox", "aria-label": "Commands" });
  /** @type {Command[]} */
  #shown = [];
  #active = 0;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    this.#input = h("input", {
      type: "text",
      role: "combobox",
      "aria-label": "Command or id",
      "aria-expanded": "true",
      "aria-controls": "commands",
      "aria-autocomplete": "list",
      autocomplete: "off",
      spellcheck: "false",
      oninput: () => this.#filter(),
      onkeydown: (event) => this.#onKey(event),
    });
    // An id is not left behind in the page.
    const onclose = () => this.#input.value = "";
    this.#dialog = h("dialog", { class: "palette", "aria-label": "Commands", onclose }, this.#input, this.#list);
    document.body.append(this.#dialog);
  }

  open(placeholder = PLACEHOLDER) {
    this.#input.value = "";
    this.#input.placeholder = placeholder;
    this.#filter();
    this.#dialog.showModal();
    this.#input.focus();
  }

  close() {
    this.#input.value = "";
    this.#dialog.close();
  }

  #filter() {
    const text = this.#input.value.trim();
    const words = text.toLowerCase().split(/\s+/);
    const fitting = this.#commands().filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
    const byId = ID.test(text) ? [{ label: "Open the customer with this id", run: () => this.#openId(text) }] : [];
    this.#shown = [...byId, ...fitting];
    this.#active = 0;
    this.#render();
  }

  /** @returns {Command[]} */
  #commands() {
    const { go, disconnect, inspector, faults } = this.#page;
    const arm = FAULTS.map((fault) => ({
      label: `Fault in the next write: ${fault.label}`,
      run: () => faults.arm(fault, "write", true),
    }));
    return [
      { label: "List customers", run: () => go({ view: "list" }) },
      { label: "New customer", run: () => go({ view: "create" }) },
      { label: "Open by id", run: () => this.open("The customer’s id") },
      { label: "Open or close the inspector", run: () => inspector.toggle() },
      ...(faults.isOffered ? arm : []),
      ...(faults.armed ? [{ label: "Disarm the fault", run: () => faults.disarm() }] : []),
      { label: "Disconnect", run: disconnect },
    ];
  }

  /** @param {string} id */
  #openId(id) {
    this.#page.go({ view: "detail", id: id.toLowerCase() });
  }

  #render() {
    const options = this.#shown.map(({ label }, index) =>
      h("li", {
        id: `command-${index}`,
        role: "option",
        "aria-selected": String(index === this.#active),
        onclick: () => this.#run(index),
      }, label));
    this.#list.replaceChildren(...options);
    options[this.#active]?.scrollIntoView({ block: "nearest" });
    setAttribute(this.#input, "aria-activedescendant", options.length > 0 ? `command-${this.#active}` : null);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (!["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Enter") return this.#run(this.#active);
    const step = event.key === "ArrowDown" ? 1 : -1;
    const count = this.#shown.length;
    this.#active = count === 0 ? 0 : (this.#active + step + count) % count;
    this.#render();
  }

  /** @param {number} index */
  #run(index) {
    const command = this.#shown[index];
    if (!command) return;
    this.close();
    command.run();
  }
}

function keysDialog() {
  const close = h("button", { type: "button", onclick: () => dialog.close() }, "Close");
  const rows = KEYS.map(([key, what]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)));
  const dialog = h("dialog", { class: "keys", "aria-labelledby": "keys-title" },
    h("h2", { id: "keys-title" }, "Keys"),
    h("dl", { class: "facts" }, ...rows),
    h("div", { class: "actions" }, close));
  document.body.append(dialog);
  return dialog;
}
