// The versions of what is measured, and of what it runs on.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { BUN, DENO } from "../tests/runtimes/programs.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What `benches/package.json` pins besides the clients: what makes or bundles them. */
const TOOLS = ["typescript"];

/** @returns {Promise<Record<string, string>>} */
export async function versions() {
  const { devDependencies } = JSON.parse(await readFile(here("package.json"), "utf8"));
  const peers = Object.entries(devDependencies).filter(([name]) => !TOOLS.includes(name));
  const requirements = await readFile(here("requirements.txt"), "utf8");
  const python = requirements.trim().split("\n").map((line) => line.split("=="));
  return {
    Node: process.versions.node,
    Deno: await versionOf(DENO),
    Bun: await versionOf(BUN),
    workerd: createRequire(here("../tests/runtimes/tools/package.json"))("workerd/package.json").version,
    Chromium: await versionOf(process.env.CHROMIUM ?? "chromium"),
    "synctera-customers": process.env.PACKAGE_VERSION ?? "of the working tree",
    ...Object.fromEntries([...peers, ...python]),
  };
}

/** The first thing like a version that a program says of itself. */
async function versionOf(program) {
  const { stdout } = await promisify(execFile)(program, ["--version"]);
  return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? "unknown";
}
