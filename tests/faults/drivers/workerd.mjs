// Runs the bundled Worker in workerd.
import { answerOf } from "../../runtimes/tools/worker.mjs";

const { BUNDLE, SETTINGS } = process.env;
console.log(await answerOf(BUNDLE, SETTINGS));
