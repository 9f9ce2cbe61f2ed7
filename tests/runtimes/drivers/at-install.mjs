// In a service worker, which lives for the events that it has to wait for.
import { testRow } from "./browser.mjs";

addEventListener("install", (event) => event.waitUntil(testRow()));
