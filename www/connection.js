// Where the server is and the token for it: from the fragment, from this tab's storage, or from a
// form. Never in a query, which servers log, nor in localStorage, which outlives the tab.
import { h } from "./dom.js";

/** @typedef {{ baseUrl: string, token: string }} Connection */

const STORED_UNDER = "synctera-console.connection";

/**
 * Takes the connection out of the address, which then no longer shows it, or else from the tab.
 *
 * @returns {Connection | undefined}
 */
export function takeConnection() {
  const given = new URLSearchParams(location.hash.slice(1));
  const baseUrl = given.get("baseUrl");
  const token = given.get("token");
  if (baseUrl === null && token === null) return stored();
  history.replaceState(null, "", `${location.pathname}#/`);
  // A link may point at this machine only: it must not lead people to type data for a stranger.
  return baseUrl && token && isLoopback(baseUrl) ? { baseUrl, token } : undefined;
}

/** @returns {Connection | undefined} */
function stored() {
  try {
    const value = JSON.parse(sessionStorage.getItem(STORED_UNDER) ?? "null");
    return typeof value?.baseUrl === "string" && typeof value?.token === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @param {Connection | undefined} connection */
export function remember(connection) {
  try {
    if (connection) sessionStorage.setItem(STORED_UNDER, JSON.stringify(connection));
    else sessionStorage.removeItem(STORED_UNDER);
  } catch {
    // Storage may be forbidden; then a reload asks again.
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
 */
export function connectForm(connect) {
  const baseUrl = h("input", {
    id: "base-url",
    type: "url",
    required: true,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "http://127.0.0.1:8080/v0",
    "aria-describedby": "base-url-hint connect-error",
  });
  const token = h("input", {
    id: "token",
    type: "password",
    required: true,
    autocomplete: "off",
    "aria-describedby": "token-hint connect-error",
  });
  const error = h("p", { id: "connect-error", class: "error", role: "alert" });
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
      h("p", { id: "token-hint", class: "hint" }, "Kept in this tab until you disconnect or close it.")),
    error,
    h("div", { class: "actions" }, h("button", { class: "primary", type: "submit" }, "Connect")),
  );
}
