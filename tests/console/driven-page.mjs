// A page in one of the browsers' engines, used by clicks and keys through the engine's driver.
import { setTimeout as sleep } from "node:timers/promises";
import { startBrowser } from "../runtimes/webdriver.mjs";

/** How WebDriver marks a reference to an element. */
const REFERENCE = "element-6066-11e4-a52e-4f735466cecf";
/** What a page that is being drawn may answer for a moment. */
const PASSING = /stale element reference|no such element|element not interactable|element click intercepted/;
const PATIENCE_MS = 30_000;
const PAUSE_MS = 50;

/** Keys as WebDriver writes them. */
export const KEYS = { control: "\uE009", enter: "\uE007", escape: "\uE00C", end: "\uE010" };

export const button = (name) => `//button[normalize-space()="${name}" or @aria-label="${name}"]`;
export const link = (name) => `//a[normalize-space()="${name}"]`;
export const heading = (name) => `//*[self::h1 or self::h2][normalize-space()="${name}"]`;
export const text = (words) => `//*[contains(normalize-space(), "${words}") and not(*[contains(normalize-space(), "${words}")])]`;
/** An input by its label, whether or not that says "required" too. */
export const field = (label) => `//*[@id=//label[normalize-space()="${label}" or normalize-space()="${label} required"]/@for]`;

/** @param {keyof typeof import("../runtimes/webdriver.mjs").ENGINES} engine */
export async function openDrivenPage(engine) {
  return new DrivenPage(await startBrowser(engine));
}

class DrivenPage {
  #browser;

  constructor(browser) {
    this.#browser = browser;
  }

  close = () => this.#browser.close();
  goto = (url) => this.#browser.command("POST", "/url", { url });
  resize = (width, height) => this.#browser.command("POST", "/window/rect", { width, height });
  /** What a function without arguments returns on the page. */
  evaluate = (script) => this.#browser.command("POST", "/execute/sync", { script: `return (${script})()`, args: [] });

  click = (xpath) => this.#withElement(xpath, (element) => this.#browser.command("POST", `${element}/click`, {}));
  waitFor = (xpath) => this.#withElement(xpath, () => {});
  choose = (label, option) => this.click(`${field(label)}/option[normalize-space()="${option}"]`);

  /** Replaces what stands in a field. */
  fill = (label, value) => this.#withElement(field(label), async (element) => {
    await this.#browser.command("POST", `${element}/clear`, {});
    await this.#browser.command("POST", `${element}/value`, { text: value });
  });

  /** Types into what has the focus. */
  async type(words) {
    const { [REFERENCE]: id } = await this.#browser.command("GET", "/element/active");
    await this.#browser.command("POST", `/element/${id}/value`, { text: words });
  }

  /** Presses keys together. */
  press = (...keys) => {
    const down = keys.map((value) => ({ type: "keyDown", value }));
    const up = keys.toReversed().map((value) => ({ type: "keyUp", value }));
    return this.#browser.command("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions: [...down, ...up] }] });
  };

  /** Waits until a function returns something true. */
  async until(isDone) {
    for (const end = performance.now() + PATIENCE_MS; !(await isDone()); await sleep(PAUSE_MS)) {
      if (performance.now() > end) throw new Error(`${isDone} does not come true`);
    }
  }

  /** How many elements there are. */
  count = async (xpath) => (await this.#browser.command("POST", "/elements", { using: "xpath", value: xpath })).length;

  /** Does something with the first visible element, as soon as there is one that lets it. */
  async #withElement(xpath, act) {
    let reason = "there is none that is visible";
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(PAUSE_MS)) {
      try {
        const found = await this.#browser.command("POST", "/elements", { using: "xpath", value: xpath });
        for (const { [REFERENCE]: id } of found) {
          if (await this.#browser.command("GET", `/element/${id}/displayed`)) return await act(`/element/${id}`);
        }
      } catch (error) {
        if (!PASSING.test(error.message)) throw error;
        reason = error.message;
      }
    }
    throw new Error(`${xpath}: ${reason}`);
  }
}
