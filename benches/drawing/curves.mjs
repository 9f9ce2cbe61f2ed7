// Lines over two logarithmic axes.
import { COLOURS, dot, line, path, picture, text, widthOf } from "./svg.mjs";

const WIDTH = 760;
const HEIGHT = 420;
const TOP = 76;
const BOTTOM = HEIGHT - 56;
const LEFT = 76;

/**
 * @param {object} plot
 * @param {string} plot.title
 * @param {string} plot.subtitle
 * @param {string} plot.across what grows to the right
 * @param {{ label: string, stroke: string, points: [number, number][] }[]} plot.curves
 * @param {(value: number) => string} plot.write a value of the upright axis
 * @returns {string} SVG
 */
export function curves({ title, subtitle, across, curves, write }) {
  const right = WIDTH - Math.max(...curves.map(({ label }) => widthOf(label, 15))) - 24;
  const points = curves.flatMap((curve) => curve.points);
  const x = axis(points.map(([value]) => value), LEFT, right);
  const y = axis(points.map(([, value]) => value), BOTTOM, TOP);
  const body = [
    ...x.ticks.flatMap((value) => [
      line({ x1: x.at(value), x2: x.at(value), y1: TOP, y2: BOTTOM, stroke: COLOURS.grid }),
      text({ x: x.at(value), y: BOTTOM + 20, anchor: "middle", fill: COLOURS.faint, content: value.toLocaleString("en") }),
    ]),
    ...y.ticks.flatMap((value) => [
      line({ x1: LEFT, x2: right, y1: y.at(value), y2: y.at(value), stroke: COLOURS.grid }),
      text({ x: LEFT - 8, y: y.at(value) + 4.5, anchor: "end", fill: COLOURS.faint, content: write(value) }),
    ]),
    text({ x: (LEFT + right) / 2, y: BOTTOM + 42, anchor: "middle", content: across }),
    ...curves.flatMap(({ stroke, points }) => {
      const places = points.map(([across, up]) => [x.at(across), y.at(up)]);
      return [path(places, stroke), ...places.map((place) => dot(place, stroke))];
    }),
    ...labels(curves, right + 12, y),
  ];
  return picture({ width: WIDTH, height: HEIGHT, title, subtitle, body });
}

/** A logarithmic axis from whole powers of ten around the values. */
function axis(values, from, to) {
  const first = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, step) => 10 ** (first + step));
  return { ticks, at: (value) => from + ((Math.log10(value) - first) / (last - first)) * (to - from) };
}

/** Each curve's name at its end, none over another. */
function labels(curves, x, y) {
  const ends = curves
    .map(({ label, stroke, points }) => ({ label, stroke, at: y.at(points.at(-1)[1]) }))
    .sort((a, b) => a.at - b.at);
  let lowest = -Infinity;
  return ends.map(({ label, stroke, at }) => {
    lowest = Math.max(at + 4.5, lowest + 18);
    return text({ x, y: lowest, fill: stroke, weight: 600, content: label });
  });
}
