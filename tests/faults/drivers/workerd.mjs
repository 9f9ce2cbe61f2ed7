// Runs the bundled Worker in workerd.
import { responseOf } from "../../runtimes/tools/worker.mjs";

const { BUNDLE, SETTINGS } = process.env;
console.log(await responseOf(BUNDLE, SETTINGS));
