// What was measured, when, and on what machine.
import { readFile, writeFile, mkdir } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { versions } from "./versions.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What is published; a quick run's numbers are not. */
const PUBLISHED = { document: here("../docs/performance.md"), folder: here("../docs/performance") };

export class Results {
  /** Goes on from what was measured before: a part alone replaces only itself. */
  static async open({ quick, cache }) {
    const results = new Results();
    results.places = quick ? { document: `${cache}/quick/performance.md`, folder: `${cache}/quick/performance` } : PUBLISHED;
    results.copy = `${cache}/results.json`;
    results.parts = quick ? {} : await withSandbox((await published("results.json")) ?? {});
    return results;
  }

  /** Keeps what a part has measured. */
  async add(part, measured) {
    const taken = new Date().toISOString().slice(0, 10);
    this.parts[part] = { taken, machine: machine(), versions: await versions(), measured };
  }

  async save() {
    const text = written(this.parts);
    await mkdir(this.places.folder, { recursive: true });
    await writeFile(`${this.places.folder}/results.json`, text);
    await writeFile(this.copy, text);
  }
}

const published = async (file) => JSON.parse(await readFile(`${PUBLISHED.folder}/${file}`, "utf8").catch(() => "null"));

/**
 * Adds the one part that is not measured here: `cargo xtask load` measures the sandbox and writes
 * `sandbox.json` (see `sections/sandbox.mjs`). New numbers are of this machine; known ones keep theirs.
 */
async function withSandbox(parts) {
  const { taken, ...measured } = (await published("sandbox.json")) ?? {};
  if (!taken || JSON.stringify(parts.sandbox?.measured) === JSON.stringify(measured)) return parts;
  return { ...parts, sandbox: { taken, machine: machine(), versions: await versions(), measured } };
}

/** As JSON, with a list of numbers on one line. */
function written(parts) {
  const text = JSON.stringify(parts, null, 1);
  return `${text.replace(/\[\s+([-\d.e,\s]+?)\s+\]/g, (_, list) => `[${list.split(/,\s*/).join(", ")}]`)}\n`;
}

/** In general terms: what matters for the numbers. */
function machine() {
  const [{ model }, ...others] = cpus();
  return {
    processor: model.trim(),
    cores: others.length + 1,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${process.platform} ${process.arch}`,
  };
}
