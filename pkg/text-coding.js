// `TextDecoder` and `TextEncoder` for hosts without them, such as Jest's jsdom environment. esbuild puts
// these in the place of the globals, in dist/core-browser.cjs only (`--inject`).

/** Decodes UTF-8 and throws for anything else. */
class Utf8Decoder {
  #rest = [];

  decode(source = new Uint8Array(), { stream = false } = {}) {
    const { buffer = source, byteOffset = 0, byteLength } = source;
    const bytes = [...this.#rest, ...new Uint8Array(buffer, byteOffset, byteLength)];
    const end = bytes.length - (stream ? unfinished(bytes) : 0);
    this.#rest = bytes.slice(end);
    return decodeURIComponent(bytes.slice(0, end).map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""));
  }
}

/** How many bytes at the end begin a character that is not whole. */
function unfinished(bytes) {
  for (let length = 1; length < 4 && length <= bytes.length; length += 1) {
    const byte = bytes[bytes.length - length];
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return length < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? length : 0;
  }
  return 0;
}

class Utf8Encoder {
  encode(text) {
    const escaped = encodeURIComponent(String(text).toWellFormed?.() ?? text);
    return Uint8Array.from(escaped.match(/%..|[^%]/g) ?? [], (part) => (part.length === 1 ? part.charCodeAt(0) : parseInt(part.slice(1), 16)));
  }
}

export const TextDecoder = globalThis.TextDecoder ?? Utf8Decoder;
export const TextEncoder = globalThis.TextEncoder ?? Utf8Encoder;
