// The page: connects, and shows the view that the fragment names.
import { AlertRegion, Notice } from "./alert.js";
import { Session } from "./api.js";
import { CallLog } from "./call-log.js";
import { ConnectError, connectForm, exchangeCode, isLoopback, rememberBaseUrl, takeLink } from "./connection.js";
import { detailView } from "./detail.js";
import { byId, h, nodes, setAttribute } from "./dom.js";
import { Faults } from "./faults.js";
import { changeView, createView } from "./form.js";
import { mayLeave } from "./guard.js";
import { importView } from "./import.js";
import { Inspector } from "./inspector.js";
import { listenToKeys } from "./keys.js";
import { listView } from "./list.js";
import { Query } from "./query.js";
import { forgetReferences, hashOf, parseRoute } from "./route.js";

/** @import { Connection } from "./connection.js" */
/** @import { Route } from "./route.js" */

/**
 * What a view works with.
 *
 * @typedef {object} Context
 * @property {Session} session
 * @property {Query} query the list's state, which outlives the view
 * @property {AlertRegion} alert
 * @property {Notice} notice
 * @property {AbortSignal} signal fires when the view is left
 * @property {(route: Route) => void} go
 * @property {(hash: string) => void} setAddress names the view as it has become, without showing it anew
 * @property {() => void} disconnect
 * @property {(element: HTMLElement) => void} focusHeading
 * @property {(id: string) => void} returnTo names the row that the list shall focus
 * @property {() => string | undefined} takeFocusId the row to focus, once
 */

const view = byId("view");
const alert = new AlertRegion(byId("alert"));
const notice = new Notice(byId("notice"));
const log = new CallLog();
const faults = new Faults();
const inspector = new Inspector(byId("inspector"), log, faults);
/** @type {Session | undefined} */
let session;
let query = new Query();
let leaving = new AbortController();
/** @type {string | undefined} */
let focusId;
let isFirst = true;
/** The fragment of the view that is shown. */
let shown = "#/";

const keys = listenToKeys({ isConnected: () => session !== undefined, go, disconnect, inspector, faults });

/**
 * Begins at the list. Throws the package's `ValidationError` if the address or the token is unfit,
 * and then changes nothing.
 *
 * @param {Connection} connection
 */
function connect(connection) {
  const connected = new Session(connection, log, faults);
  forget();
  session = connected;
  rememberBaseUrl(connection.baseUrl);
  faults.offer(isLoopback(connection.baseUrl));
  alert.baseUrl = connection.baseUrl;
  const route = parseRoute(location.hash);
  history.replaceState(null, "", hashOf(route.view === "list" ? route : { view: "list" }));
  show();
}

function disconnect() {
  if (!mayLeave()) return;
  forget();
  rememberBaseUrl(undefined);
  show();
}

/** Drops the token and everything about customers. */
function forget() {
  session?.close();
  session = undefined;
  alert.baseUrl = "";
  faults.offer(false);
  keys.close();
  query = new Query();
  focusId = undefined;
  log.clear();
  forgetReferences();
}

/** @param {Route} route */
function go(route) {
  if (!mayLeave()) return;
  history.pushState(null, "", hashOf(route));
  show();
}

/** @param {string} hash */
function setAddress(hash) {
  shown = hash;
  history.replaceState(null, "", hash);
}

/** @param {string} [problem] why there is no connection */
function show(problem = "") {
  leaving.abort();
  leaving = new AbortController();
  alert.clear();
  notice.clear();
  showConnection();
  const route = parseRoute(location.hash);
  if (route.view === "list") query.follow(route.address ?? {});
  shown = hashOf(route);
  if (location.hash !== "" && location.hash !== shown) history.replaceState(null, "", shown);
  const { title, element } = session ? viewOf(route, contextOf(session)) : connectView(problem);
  // No name: browsers keep titles in their history.
  document.title = `${title} – Customers console`;
  view.replaceChildren(element);
  for (const link of byId("nav").querySelectorAll("a")) {
    setAttribute(link, "aria-current", link.dataset["route"] === route.view ? "page" : null);
  }
  scrollTo(0, 0);
  focusHeading(element);
  isFirst = false;
}

/**
 * A new view begins at its heading; the page itself at its top, where the skip link is.
 *
 * @param {HTMLElement} element
 */
function focusHeading(element) {
  if (!isFirst) element.querySelector("h1")?.focus();
}

/** @param {Session} session */
function contextOf(session) {
  const { signal } = leaving;
  /** @type {Context} */
  const context = {
    session,
    query,
    alert,
    notice,
    signal,
    go,
    setAddress,
    disconnect,
    focusHeading,
    returnTo: (id) => {
      focusId = id;
    },
    takeFocusId: () => {
      const id = focusId;
      focusId = undefined;
      return id;
    },
  };
  return context;
}

/**
 * @param {Route} route
 * @param {Context} context
 */
function viewOf(route, context) {
  switch (route.view) {
    case "list":
      return listView(context);
    case "create":
      return createView(context);
    case "import":
      return importView(context);
    case "detail":
      return detailView(context, route.id);
    default:
      return changeView(context, route.view, route.id);
  }
}

/** @param {string} problem */
function connectView(problem) {
  return { title: "Connect", element: connectForm(connect, problem) };
}

function showConnection() {
  byId("nav").hidden = !session;
  byId("inspector").hidden = !session;
  const parts = session && [
    h("code", { title: session.baseUrl }, session.baseUrl),
    h("button", { type: "button", class: "quiet", onclick: disconnect }, "Disconnect"),
  ];
  byId("connection").replaceChildren(...nodes([parts ?? "Not connected"]));
}

/** Shows the view that the address names, or connects by the link's code that it holds. */
async function follow() {
  const before = session;
  const link = takeLink(session ? shown : "#/");
  if (!link) {
    if (mayLeave()) show();
    else history.replaceState(null, "", shown);
    return;
  }
  try {
    if (before && link.code && !mayReplace(before)) return;
    const connection = await exchangeCode(link);
    // A connection that was made meanwhile stays.
    if (session === before) connect(connection);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    if (session) alert.show(new ConnectError(problem), {});
    else show(problem);
  }
}

/** @param {Session} live */
function mayReplace({ baseUrl }) {
  return confirm(`A link wants to replace the connection to ${baseUrl}. What you have not saved is then lost. Replace it?`);
}

/** @param {Event} event */
function skip(event) {
  // Followed as a link, it would change the fragment, and so the view.
  event.preventDefault();
  view.focus();
}

byId("skip").addEventListener("click", skip);
addEventListener("hashchange", follow);
// The browser may keep the page to show it again later, with what it holds.
addEventListener("pagehide", () => {
  forget();
  show();
});
follow();
