// Runs a bundled program in Vercel's Edge runtime and prints the story's results.
import { edgeOf } from "./edge-vm.mjs";

const { BASE_URL, BUNDLE, TOKEN } = process.env;
const { runStory } = await edgeOf(BUNDLE);
console.log(await runStory({ baseUrl: BASE_URL, token: TOKEN }));
