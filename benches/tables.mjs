// Tables and numbers in Markdown.

/** @param {string[]} head @param {string[][]} rows */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  // The first column names, the others count.
  return line(head) + line(head.map((_, at) => (at ? "--:" : "---"))) + rows.map(line).join("");
}

/** `12.3`, `1,234`: as many digits as are worth reading. */
export function number(value) {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return value.toLocaleString("en", options).replace("-", "−");
}

/** A median, and the lowest and highest of the rounds. */
export function spread({ median, lowest, highest }) {
  const between = lowest < 0 ? " to " : "–";
  return `${number(median)} (${number(lowest)}${between}${number(highest)})`;
}

/** Bytes as kB, of which one is 1,000 bytes. */
export const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
