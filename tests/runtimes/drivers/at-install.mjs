// In a service worker, which lives for the events that it is told to wait for.
import { tellStory } from "./browser.mjs";

addEventListener("install", (event) => event.waitUntil(tellStory()));
