// The bill of materials in the package: valid, and true.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { describe, it } from "node:test";

const require = createRequire(import.meta.url);
const { Spec, Validation } = require("@cyclonedx/cyclonedx-library");

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const INSTALLED = `${process.env.CONSUMER}/node_modules/synctera-customers`;
const text = readFileSync(`${INSTALLED}/dist/sbom.cdx.json`, "utf8");
const bom = JSON.parse(text);
const partsOf = (kind) => bom.components.filter(({ purl }) => purl?.startsWith(`pkg:${kind}/`));
const crates = partsOf("cargo");
const libraries = partsOf("npm");

/** The crates of the client and of the sandbox in process on wasm32 as cargo's resolver sees them, macros and builds aside. */
function resolved() {
  const args = ["tree", "--package", "synctera-customers", "--package", "synctera-testing", "--target", "wasm32-unknown-unknown",
    "--edges", "normal,no-proc-macro", "--prefix", "none", "--no-dedupe", "--format", "{p}"];
  const lines = execFileSync(process.env.CARGO ?? "cargo", args, { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
  const names = lines.map((line) => line.split(" ").slice(0, 2).join("@").replace("@v", "@"));
  return [...new Set(names)].filter((name) => name && !name.startsWith("synctera-")).sort();
}

describe("the bill of materials", () => {
  it("is what CycloneDX's strict schema asks for", async () => {
    const problems = await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(text);
    assert.equal(problems, null);
    const broken = JSON.stringify({ ...bom, components: [{ name: "no type" }] });
    const found = await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(broken);
    assert.notEqual(found, null, "the validator accepts anything");
  });

  it("is about this package", () => {
    const { name, version } = JSON.parse(readFileSync(`${INSTALLED}/package.json`, "utf8"));
    assert.equal(bom.metadata.component.purl, `pkg:npm/${name}@${version}`);
  });

  it("lists the crates that cargo resolves for the module, and Rust's own library", () => {
    assert.deepEqual(crates.map(({ name, version }) => `${name}@${version}`).sort(), resolved());
    assert.deepEqual(bom.components.filter(({ purl }) => !purl).map(({ name }) => name), ["std"]);
  });

  it("lists no crate in two versions", () => {
    const names = crates.map(({ name }) => name);
    assert.deepEqual(names.filter((name, at) => names.indexOf(name) !== at), []);
  });

  it("gives each crate a licence and the checksum that Cargo.lock pins", () => {
    const lock = readFileSync(`${ROOT}/Cargo.lock`, "utf8");
    for (const { name, version, licenses, hashes } of crates) {
      assert.ok(licenses[0].expression, name);
      const pinned = lock.split("[[package]]").find((entry) => entry.includes(`name = "${name}"\nversion = "${version}"`));
      assert.ok(pinned.includes(`checksum = "${hashes[0].content}"`), name);
    }
  });

  it("lists the libraries of the command line, with licence and pinned checksum, whose texts go along", () => {
    const lock = JSON.parse(readFileSync(`${ROOT}/tests/package-lock.json`, "utf8"));
    const notice = readFileSync(`${INSTALLED}/dist/THIRD-PARTY.txt`, "utf8");
    assert.deepEqual(libraries.map(({ name }) => name), ["commander", "csv-parse", "csv-stringify"]);
    for (const { name, version, licenses, hashes } of libraries) {
      const pinned = lock.packages[`node_modules/${name}`];
      assert.equal(version, pinned.version, name);
      assert.equal(Buffer.from(hashes[0].content, "hex").toString("base64"), pinned.integrity.replace("sha512-", ""), name);
      const { expression } = licenses[0];
      assert.match(notice, new RegExp(`^${name} ${version} \\(${expression}\\)$`, "m"));
    }
    assert.equal(notice.match(/Permission is hereby granted/g).length, libraries.length);
  });

  it("holds no time and no random number", () => {
    assert.equal(bom.serialNumber, undefined);
    assert.equal(bom.metadata.timestamp, undefined);
  });
});
