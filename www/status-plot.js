// How many of the customers that were loaded have which status, as bars.
import { h } from "./dom.js";

/** @import { CustomerInBody } from "/pkg/entries/default.js" */

const SVG = "http://www.w3.org/2000/svg";
/** The plot's own units. */
const WIDTH = 100;
const HEIGHT = 8;
const NARROW = "(max-width: 70rem)";

export class StatusPlot {
  #body = h("div", { class: "plot-rows" });
  #title = h("summary", {});
  element = h("details", { class: "card status-plot", open: !matchMedia(NARROW).matches }, this.#title, this.#body);

  constructor() {
    this.show([]);
  }

  /** @param {CustomerInBody[]} customers */
  show(customers) {
    const counts = new Map();
    for (const { status } of customers) counts.set(status, (counts.get(status) ?? 0) + 1);
    const rows = [...counts].toSorted(([, one], [, other]) => other - one);
    const most = rows[0]?.[1] ?? 1;
    this.#title.textContent = `By status, of ${customers.length} loaded`;
    this.#body.replaceChildren(...rows.map(([status, count]) => row(status, count, count / most)));
  }
}

/**
 * @param {string} status
 * @param {number} count
 * @param {number} share of the longest bar
 */
function row(status, count, share) {
  return h("div", { class: "plot-row" },
    h("span", { class: "plot-label" }, status),
    bar(share),
    h("span", { class: "plot-count" }, count));
}

/** @param {number} share */
function bar(share) {
  const svg = svgElement("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  svg.append(svgElement("rect", { width: WIDTH * share, height: HEIGHT }));
  return svg;
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
function svgElement(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
