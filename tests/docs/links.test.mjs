// Every relative link of the documents leads to a file that is there, and every anchor to a heading. Without a network.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, rm, writeFile } from "node:fs/promises";
import { it } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const REMARK = fileURLToPath(new URL("node_modules/remark-cli/cli.js", import.meta.url));
const CONFIGURATION = fileURLToPath(new URL("remarkrc.mjs", import.meta.url));

/** The Markdown files below a folder, but for those of others and those that tools make. */
async function documents(folder = "") {
  const found = [];
  for (const entry of await readdir(ROOT + folder, { withFileTypes: true })) {
    const isOthers = entry.name.startsWith(".") || ["node_modules", "target"].includes(entry.name);
    if (entry.isDirectory() && !isOthers) found.push(...(await documents(`${folder}${entry.name}/`)));
    else if (entry.name.endsWith(".md")) found.push(folder + entry.name);
  }
  return found;
}

/** What the checker says of some files; empty if nothing. */
function check(files) {
  const args = [REMARK, "--frail", "--quiet", "--no-stdout", "--no-color", "--no-config", "--rc-path", CONFIGURATION, ...files];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: ROOT }, (error, stdout, stderr) => resolve(error ? `${stdout}${stderr}` : ""));
  });
}

it("no relative link of a document and no anchor leads nowhere", async () => {
  const files = await documents();
  for (const name of ["README.md", "docs/errors.md", "examples/deno/README.md"]) assert.ok(files.includes(name), name);
  assert.equal(await check(files), "");
});

it("a link to a missing file or heading is found", async (t) => {
  const name = "tests/docs/broken-on-purpose.md";
  t.after(() => rm(ROOT + name));
  await writeFile(ROOT + name, "[file](no-such-file.md), [heading](../../docs/errors.md#no-such-heading), [here](#nor-this)\n");
  const said = await check([name, "docs/errors.md"]);
  for (const wrong of ["no-such-file.md", "no-such-heading", "nor-this"]) assert.ok(said.includes(wrong), said);
});
