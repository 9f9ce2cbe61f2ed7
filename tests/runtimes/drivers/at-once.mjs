// In a page, a worker, a shared worker.
import { testRow } from "./browser.mjs";

testRow();
