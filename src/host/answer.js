// How one attempt ended, and what came of it.

import { operations } from "./shape.js";

/** How one attempt ended. */
export class Answer {
  /**
   * @param {string} ending as the event `ResponseEvent` names it
   * @param {unknown} [error]
   */
  constructor(ending, error) {
    this.ending = ending;
    this.error = error;
    this.status = 0;
    /** @type {Headers | undefined} */
    this.headers = undefined;
    /** The body: parsed if it was JSON, else its text. */
    this.body = /** @type {any} */ (undefined);
    this.isJson = false;
  }

  /** The id the server gave the request, under the names that are in use; none is documented (BEHAVIOUR §11). */
  get requestId() {
    return this.headers?.get("x-request-id") ?? this.headers?.get("request-id") ?? undefined;
  }

  /**
   * Whether it is a success with the least shape: the data pass, or they are of no use at all.
   * @param {number} operation
   */
  fits(operation) {
    if (this.ending !== "answered" || this.status < 200 || this.status >= 300 || !this.isJson) return false;
    const { body } = this;
    // Own members only: a polluted prototype makes no answer fit.
    const own = (/** @type {string} */ name) => (Object.hasOwn(body, name) ? body[name] : undefined);
    try {
      if (operations[operation].root === "params") return Array.isArray(own("customers"));
      return typeof own("id") === "string" && typeof own("status") === "string";
    } catch {
      // `null`, or a test double's getter.
      return false;
    }
  }

  /**
   * Takes what `fetch` gave; gives a promise of the body, if there is one to be had.
   * @param {any} response
   * @param {number} limit how many bytes a body may have
   * @returns {Promise<unknown> | undefined}
   */
  take(response, limit) {
    if (Number.isInteger(response?.status)) {
      this.status = response.status;
      // A browser shows nothing of a redirect that it was told not to follow, its status neither.
      if (this.status === 0 && response.type === "opaqueredirect") this.status = 302;
      this.headers = asHeaders(response.headers);
      if (typeof response.text === "function") return this.#text(response, this.headers, limit);
      // A test double.
      this.isJson = typeof response.json === "function";
      if (this.isJson) return response.json();
    }
    this.ending = "not_a_response";
  }

  /**
   * Takes the body: its text, or what a test double gave for its JSON.
   * @param {any} body
   */
  parse(body) {
    this.body = body;
    if (this.isJson || this.ending !== "answered") return;
    try {
      this.body = JSON.parse(body);
      this.isJson = true;
    } catch {
      // The text stays as it is.
    }
  }

  /**
   * The body's text; nothing if it is larger than the limit, and then no more than that is read.
   * @param {any} response
   * @param {Headers} headers
   * @param {number} limit
   * @returns {Promise<string> | undefined}
   */
  #text(response, headers, limit) {
    // Compressed, it may grow to any size.
    const declared = headers.has("content-encoding") ? NaN : Number(headers.get("content-length") ?? NaN);
    const { body } = response;
    if (declared > limit) {
      this.ending = "too_large";
      body?.cancel?.().catch?.(() => {});
      return undefined;
    }
    if (declared <= limit || typeof body?.getReader !== "function") return response.text();
    return this.#read(body.getReader(), limit);
  }

  /**
   * @param {ReadableStreamDefaultReader<Uint8Array>} reader
   * @param {number} limit
   */
  async #read(reader, limit) {
    const decoder = new TextDecoder();
    let text = "";
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      size += value.byteLength;
      if (size > limit) {
        this.ending = "too_large";
        reader.cancel().catch(() => {});
        return "";
      }
      text += decoder.decode(value, { stream: true });
    }
  }
}

/** @param {any} headers */
function asHeaders(headers) {
  if (headers instanceof Headers) return headers;
  try {
    // Another realm's headers, or a test double's plain object.
    return new Headers(headers ?? {});
  } catch {
    return new Headers();
  }
}
