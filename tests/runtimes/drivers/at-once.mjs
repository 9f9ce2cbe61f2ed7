// In a page, a worker, a shared worker.
import { tellStory } from "./browser.mjs";

tellStory();
