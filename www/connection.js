// Where the server is and the token for it: by a link's one-time code, or typed in. The token is
// kept in this page's memory only; browsers write addresses and storage to disk.
import { h } from "./dom.js";

/** @typedef {{ baseUrl: string, token: string }} Connection */

const BASE_URL_KEY = "synctera-console.base-url";
const EXCHANGE_TIMEOUT_MS = 10_000;

/** Why a link does not connect, in words for the person. */
export class ConnectError extends Error {}

/**
 * Takes what a link hands over out of the address, which then no longer holds it. A link holds
 * `code`, or something that the page does not take.
 *
 * @param {string} hash what the address says instead
 * @returns {{ code: string | null, hasToken: boolean } | undefined} nothing if it is a view's address
 */
export function takeLink(hash) {
  if (location.hash === "" || location.hash.startsWith("#/")) return undefined;
  const given = new URLSearchParams(location.hash.slice(1));
  history.replaceState(null, "", location.pathname + hash);
  return { code: given.get("code"), hasToken: given.has("token") };
}

/**
 * Exchanges a link's code at this page's own server. A code works once.
 *
 * @param {{ code: string | null, hasToken: boolean }} link
 * @returns {Promise<Connection>}
 */
export async function exchangeCode({ code, hasToken }) {
  if (hasToken) {
    throw new Error("The link holds a token, which browsers keep in their history. Replace that token, and type the new one here.");
  }
  if (!code) throw new Error("This link leads nowhere on this page.");
  const signal = AbortSignal.timeout(EXCHANGE_TIMEOUT_MS);
  const response = await fetch("/connection", { method: "POST", body: code, signal }).catch(() => undefined);
  if (response?.status === 410) {
    throw new Error("The link’s code is used or has expired. Type the address and the token, or make a new link.");
  }
  if (!response?.ok) throw new Error("This page's server does not exchange the link’s code. Type the address and the token.");
  return response.json();
}

/** The address that the form suggests. @returns {string} */
function knownBaseUrl() {
  try {
    return sessionStorage.getItem(BASE_URL_KEY) ?? "";
  } catch {
    return "";
  }
}

/**
 * Keeps an address for this tab, so that a reload asks for the token only.
 *
 * @param {string | undefined} baseUrl none forgets it
 */
export function rememberBaseUrl(baseUrl) {
  try {
    if (baseUrl) sessionStorage.setItem(BASE_URL_KEY, baseUrl);
    else sessionStorage.removeItem(BASE_URL_KEY);
  } catch {
    // Storage may be forbidden; then a reload asks for both.
  }
}

/** @param {string} baseUrl */
export function isLoopback(baseUrl) {
  try {
    const { hostname } = new URL(baseUrl);
    return ["localhost", "[::1]"].includes(hostname) || /^127(\.\d+){3}$/.test(hostname);
  } catch {
    return false;
  }
}

/**
 * The form that asks for a connection. `connect` may throw; its message is shown.
 *
 * @param {(connection: Connection) => void} connect
 * @param {string} problem why the form is shown, if something went wrong
 */
export function connectForm(connect, problem) {
  const baseUrl = h("input", {
    id: "base-url",
    type: "url",
    required: true,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "http://127.0.0.1:8080/v0",
    "aria-describedby": "base-url-hint connect-error",
  });
  baseUrl.value = knownBaseUrl();
  const token = h("input", {
    id: "token",
    type: "password",
    required: true,
    autocomplete: "off",
    "aria-describedby": "token-hint connect-error",
  });
  const error = h("p", { id: "connect-error", class: "error", role: "alert" }, problem);
  /** @param {SubmitEvent} event */
  const onsubmit = (event) => {
    event.preventDefault();
    try {
      connect({ baseUrl: baseUrl.value.trim(), token: token.value.trim() });
    } catch (cause) {
      error.textContent = cause instanceof Error ? cause.message : String(cause);
      const aboutToken = error.textContent.includes("accessToken");
      (aboutToken ? token : baseUrl).focus();
    }
  };
  return h("form", { class: "card connect", novalidate: true, autocomplete: "off", onsubmit },
    h("h1", { tabindex: "-1" }, "Connect"),
    h("p", {}, "Start the local sandbox with ", h("code", {}, "cargo xtask sandbox --seed 120"),
      "; it prints both lines. ", h("code", {}, "cargo xtask demo"), " does it all and prints a link."),
    h("div", { class: "field" },
      h("label", { for: "base-url" }, "Base URL"),
      baseUrl,
      h("p", { id: "base-url-hint", class: "hint" }, "With the version, such as /v0.")),
    h("div", { class: "field" },
      h("label", { for: "token" }, "Token"),
      token,
      h("p", { id: "token-hint", class: "hint" }, "Kept in this page’s memory until you disconnect, reload or leave it.")),
    error,
    h("div", { class: "actions" }, h("button", { class: "primary", type: "submit" }, "Connect")),
  );
}
