#!/usr/bin/env node
// `synctera-customers`: the package's command line, for Node, Deno and Bun.
import { run } from "./program.js";

process.exitCode = await run(process.argv.slice(2));
