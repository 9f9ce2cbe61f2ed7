// A Chromium in which every tab is watched: what the page reports as wrong fails the test.
import { chromium } from "playwright-core";

/** What Chromium needs as root, and to keep still on a machine without a network. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

export function launch() {
  return chromium.launch({ executablePath, args: ARGS });
}

/** A browser whose profile is the folder, as a person's is. Returns its one context. */
export function launchWithProfile(folder) {
  return chromium.launchPersistentContext(folder, { executablePath, args: ARGS });
}

/** Opens the console and types where the server is, and the token. */
export async function connect(tab, consoleUrl, { baseUrl, token }) {
  await tab.goto(consoleUrl);
  await tab.getByLabel("Base URL", { exact: true }).fill(baseUrl);
  await tab.getByLabel("Token", { exact: true }).fill(token);
  await tab.getByRole("button", { name: "Connect", exact: true }).click();
}

/** Arms a fault in the inspector, which is closed before and after. */
export async function arm(tab, fault, { target = "next write", often = "once" } = {}) {
  const inspector = tab.getByRole("region", { name: "Inspector" });
  const toggle = inspector.getByRole("button", { name: "Inspector", exact: true });
  await toggle.click();
  await inspector.getByLabel("Fault", { exact: true }).and(inspector.locator("select")).selectOption({ label: fault });
  await inspector.getByLabel("In the", { exact: true }).selectOption({ label: target });
  await inspector.getByLabel("How often", { exact: true }).selectOption({ label: often });
  await inspector.getByRole("button", { name: "Arm", exact: true }).click();
  await toggle.click();
}

/**
 * A tab with its own browser context, not yet at any page. `requests` are those to the sandbox, in
 * order; `problems` is what went wrong on the page. Chromium reports failed requests as errors of
 * the page; with `failing` they are part of the test and left out.
 */
export async function openTab(browser, { failing = false, ...settings } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...settings });
  return { ...(await openTabIn(context, failing)), context };
}

/** Another tab of the same context. */
export async function openTabIn(context, failing = false) {
  context.setDefaultTimeout(30_000);
  const tab = await context.newPage();
  const problems = [];
  const requests = [];
  tab.on("pageerror", (error) => problems.push(String(error)));
  tab.on("console", (message) => {
    const isFailedRequest = message.text().startsWith("Failed to load resource");
    const isWrong = ["error", "warning"].includes(message.type());
    if (isWrong && !(failing && isFailedRequest)) problems.push(message.text());
  });
  tab.on("request", (request) => {
    if (new URL(request.url()).pathname.startsWith("/v0/")) requests.push(request);
  });
  await tab.exposeFunction("reportViolation", (text) => problems.push(text));
  await tab.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      globalThis.reportViolation(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return { tab, problems, requests };
}
