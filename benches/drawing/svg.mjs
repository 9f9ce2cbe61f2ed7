// The little SVG that the plots need. Each brings its own background, so that it reads alike on
// light and dark pages.

export const COLOURS = {
  paper: "#ffffff",
  ink: "#1f2328",
  faint: "#59636e",
  grid: "#d8dee4",
  ours: "#0b6bcb",
  oursToo: "#6aaef0",
  raw: "#6e7781",
  peer: "#c9a227",
  goal: "#b3261e",
};

const FONT = "ui-sans-serif, system-ui, 'Segoe UI', Helvetica, Arial, sans-serif";

/** A whole picture, with a heading and what else is to be said about it. */
export function picture({ width, height, title, subtitle, body }) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="${FONT}" font-size="13">`,
    `<title>${escaped(title)}</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${COLOURS.paper}" stroke="${COLOURS.grid}"/>`,
    text({ x: 20, y: 30, size: 16, weight: 600, content: title }),
    text({ x: 20, y: 50, fill: COLOURS.faint, content: subtitle }),
    ...body,
    "</svg>\n",
  ].join("\n");
}

/** A text; with a `halo` what lies under it does not run through it. */
export function text({ x, y, content, anchor = "start", size = 13, weight = 400, fill = COLOURS.ink, halo = false }) {
  const clear = halo ? ` paint-order="stroke" stroke="${COLOURS.paper}" stroke-width="4"` : "";
  return `<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}" fill="${fill}"${clear}>${escaped(content)}</text>`;
}

export function rect({ x, y, width, height, fill }) {
  return `<rect x="${short(x)}" y="${short(y)}" width="${short(Math.max(width, 0.5))}" height="${short(height)}" fill="${fill}"/>`;
}

export function line({ x1, y1, x2, y2, stroke, width = 1, dashes }) {
  const dashed = dashes ? ` stroke-dasharray="${dashes}"` : "";
  return `<line x1="${short(x1)}" y1="${short(y1)}" x2="${short(x2)}" y2="${short(y2)}" stroke="${stroke}" stroke-width="${width}"${dashed}/>`;
}

export function path(points, stroke) {
  const steps = points.map(([x, y], at) => `${at ? "L" : "M"}${short(x)} ${short(y)}`);
  return `<path d="${steps.join(" ")}" fill="none" stroke="${stroke}" stroke-width="2" stroke-linejoin="round"/>`;
}

export function dot([x, y], fill) {
  return `<circle cx="${short(x)}" cy="${short(y)}" r="3.5" fill="${fill}"/>`;
}

/** About how wide a text is: enough to keep it from being cut. */
export const widthOf = (content, size = 13) => [...content].length * size * 0.6;

const short = (number) => Number(number.toFixed(1));

const escaped = (content) =>
  content.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
