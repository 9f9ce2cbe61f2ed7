// The sections of a WebAssembly module.

const NAMES = [
  "custom",
  "type",
  "import",
  "function",
  "table",
  "memory",
  "global",
  "export",
  "start",
  "element",
  "code",
  "data",
  "data count",
  "tag",
];

/**
 * @param {Uint8Array} module
 * @returns {{ name: string, bytes: Uint8Array }[]} in their order, each with its head
 */
export function sectionsOf(module) {
  const sections = [];
  // After the magic number and the version.
  for (let at = 8; at < module.length; ) {
    const [length, body] = unsigned(module, at + 1);
    const end = body + length;
    sections.push({ name: NAMES[module[at]] ?? `section ${module[at]}`, bytes: module.subarray(at, end) });
    at = end;
  }
  return sections;
}

/** A number in LEB128, and where it ends. */
function unsigned(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at];
    at += 1;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}
