// Runs the bundled program in Vercel's Edge runtime.
import { edgeOf } from "../../../runtimes/tools/edge-vm.mjs";

const { BUNDLE, SERVER } = process.env;
const { tellAll } = await edgeOf(BUNDLE);
console.log(`\nRESULTS {"results":${await tellAll(SERVER)}}`);
