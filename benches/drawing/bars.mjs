// Horizontal bars: one row for each thing, in one piece or in several.
import { COLOURS, line, picture, rect, text, widthOf } from "./svg.mjs";

const ROW = 26;
const TOP = 72;

/**
 * @typedef {object} Row
 * @property {string} label
 * @property {{ value: number, fill: string }[]} pieces
 * @property {string} note the number in words, right of the bar
 * @property {[number, number]} [spread] the lowest and the highest
 *
 * @param {object} plot
 * @param {string} plot.title
 * @param {string} plot.subtitle
 * @param {Row[]} plot.rows
 * @param {{ value: number, label: string }} [plot.goal] a line across all bars
 * @param {{ label: string, fill: string }[]} [plot.legend]
 * @returns {string} SVG
 */
export function bars({ title, subtitle, rows, goal, legend = [] }) {
  const labels = Math.max(...rows.map(({ label }) => widthOf(label))) + 32;
  const notes = Math.max(...rows.map(({ note }) => widthOf(note))) + 24;
  const width = Math.max(760, labels + notes + 320, widthOf(subtitle) + 40);
  const room = width - labels - notes;
  const longest = Math.max(...rows.map(lengthOf), goal?.value ?? 0);
  const scale = (value) => labels + (value / longest) * room;
  const bottom = TOP + rows.length * ROW;
  const body = rows.flatMap((row, at) => bar(row, TOP + at * ROW, scale, labels));
  if (goal) {
    const x = scale(goal.value);
    body.push(line({ x1: x, x2: x, y1: TOP - 4, y2: bottom + 4, stroke: COLOURS.goal, width: 1.5, dashes: "5 3" }));
    body.push(text({ x, y: bottom + 20, anchor: "middle", fill: COLOURS.goal, content: goal.label }));
  }
  body.push(...rows.map((row, at) => note(row, TOP + at * ROW, scale)));
  body.push(...explained(legend, labels, bottom + (goal ? 42 : 22)));
  const height = bottom + 16 + (goal ? 18 : 0) + (legend.length ? 22 : 0);
  return picture({ width, height, title, subtitle, body });
}

const sum = (pieces) => pieces.reduce((total, { value }) => total + value, 0);

const lengthOf = ({ pieces, spread }) => Math.max(sum(pieces), spread?.[1] ?? 0);

function bar({ label, pieces, spread }, y, scale, left) {
  const middle = y + ROW / 2;
  const parts = [text({ x: left - 10, y: middle + 4.5, anchor: "end", content: label })];
  let from = 0;
  for (const { value, fill } of pieces) {
    parts.push(rect({ x: scale(from), y: y + 5, width: scale(from + value) - scale(from), height: ROW - 10, fill }));
    from += value;
  }
  if (spread) {
    const [low, high] = spread.map(scale);
    parts.push(line({ x1: low, x2: high, y1: middle, y2: middle, stroke: COLOURS.ink }));
    for (const x of [low, high]) parts.push(line({ x1: x, x2: x, y1: middle - 4, y2: middle + 4, stroke: COLOURS.ink }));
  }
  return parts;
}

/** The number, above the line of the goal. */
const note = (row, y, scale) =>
  text({ x: scale(lengthOf(row)) + 8, y: y + ROW / 2 + 4.5, content: row.note, halo: true });

function explained(legend, left, y) {
  let x = left;
  return legend.flatMap(({ label, fill }) => {
    const parts = [rect({ x, y: y - 10, width: 12, height: 12, fill }), text({ x: x + 18, y, content: label })];
    x += 18 + widthOf(label) + 24;
    return parts;
  });
}
