// The page: connects, and shows the view that the fragment names.
import { AlertRegion, Notice } from "./alert.js";
import { Session } from "./api.js";
import { connectForm, isLoopback, remember, takeConnection } from "./connection.js";
import { detailView } from "./detail.js";
import { byId, h, nodes, setAttribute } from "./dom.js";
import { ExchangeLog, showExchange } from "./exchange.js";
import { changeView, createView } from "./form.js";
import { listView } from "./list.js";
import { Query } from "./query.js";
import { hashOf, parseRoute } from "./route.js";

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
 * @property {() => void} disconnect
 * @property {(title: string) => void} setTitle
 * @property {(element: HTMLElement) => void} focusHeading
 * @property {(id: string) => void} returnTo names the row that the list shall focus
 * @property {() => string | undefined} takeFocusId the row to focus, once
 */

const view = byId("view");
const alert = new AlertRegion(byId("alert"));
const notice = new Notice(byId("notice"));
const log = new ExchangeLog();
/** @type {Session | undefined} */
let session;
let query = new Query();
let leaving = new AbortController();
/** @type {string | undefined} */
let focusId;
let isFirst = true;

const exchange = showExchange(byId("exchange"), log, (fault) => {
  if (session) session.nextFault = fault;
});

/** @param {Connection} connection */
function connect(connection) {
  session = new Session(connection, log);
  query = new Query();
  remember(connection);
  exchange.offerFaults(isLoopback(connection.baseUrl));
  show();
}

function disconnect() {
  session = undefined;
  remember(undefined);
  log.clear();
  show();
}

/** @param {Route} route */
function go(route) {
  history.pushState(null, "", hashOf(route));
  show();
}

function show() {
  leaving.abort();
  leaving = new AbortController();
  alert.clear();
  notice.clear();
  showConnection();
  const route = parseRoute(location.hash);
  const { title, element } = session ? viewOf(route, contextOf(session)) : connectView();
  setTitle(title);
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
    disconnect,
    focusHeading,
    setTitle: (title) => signal.aborted || setTitle(title),
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
    case "detail":
      return detailView(context, route.id);
    default:
      return changeView(context, route.view, route.id);
  }
}

function connectView() {
  return { title: "Connect", element: connectForm(connect) };
}

/** @param {string} title */
function setTitle(title) {
  document.title = `${title} – Customers console`;
}

function showConnection() {
  byId("nav").hidden = !session;
  byId("exchange").hidden = !session;
  const parts = session && [
    h("code", { title: session.baseUrl }, session.baseUrl),
    h("button", { type: "button", class: "quiet", onclick: disconnect }, "Disconnect"),
  ];
  byId("connection").replaceChildren(...nodes([parts ?? "Not connected"]));
}

/** A link with a connection may also be pasted while the page is open. */
function follow() {
  const given = location.hash.startsWith("#/") ? undefined : takeConnection();
  if (given) connect(given);
  else show();
}

/** @param {Event} event */
function skip(event) {
  // Followed as a link, it would change the fragment, and so the view.
  event.preventDefault();
  view.focus();
}

byId("skip").addEventListener("click", skip);
addEventListener("hashchange", follow);
const known = takeConnection();
if (known) connect(known);
else show();
