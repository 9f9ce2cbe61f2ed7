// What is written in which format.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { parse as parseYaml } from "yaml";
import { makeFolder, records, run, startServer } from "./harness.mjs";

const ODD = {
  status: "ACTIVE",
  first_name: 'Ann "Quote", the\nsecond',
  last_name: "Zoë 🦉 Ø",
  middle_name: "=HYPERLINK(1)",
  metadata: { "a,b": ['"', 1, null], url: "=1" },
  legal_address: { address_line_1: "-1 Road", city: "København", country_code: "DK", is_registered_agent: true },
};
const FIELDS = "first_name,middle_name,last_name,legal_address.city,metadata";
let env;
let cwd;
const cli = (args, input) => run(args, { env, cwd, input });

before(async () => {
  env = await startServer();
  cwd = await makeFolder();
  assert.equal((await cli(["create", "-"], JSON.stringify(ODD))).code, 0);
});

describe("formats", () => {
  const chosen = { first_name: ODD.first_name, middle_name: ODD.middle_name, last_name: ODD.last_name, legal_address: { city: "København" }, metadata: ODD.metadata };

  it("json is one document, indented", async () => {
    const { stdout } = await cli(["list", "--format", "json", "--fields", FIELDS]);
    assert.deepEqual(JSON.parse(stdout), [chosen]);
    assert.equal(stdout, `${JSON.stringify([chosen], null, 2)}\n`);
    assert.equal((await cli(["list", "--format", "json", "--status", "DENIED"])).stdout, "[]\n");
  });

  it("jsonl is an object a line, and the default if stdout is not a terminal", async () => {
    const { stdout } = await cli(["list", "--format", "jsonl", "--fields", FIELDS]);
    assert.equal(stdout, `${JSON.stringify(chosen)}\n`);
    assert.equal((await cli(["list", "--fields", FIELDS])).stdout, stdout);
  });

  it("csv quotes what has to be quoted", async () => {
    const { stdout } = await cli(["list", "--format", "csv", "--fields", FIELDS]);
    assert.equal(
      stdout,
      `${FIELDS}\n"Ann ""Quote"", the\nsecond",=HYPERLINK(1),Zoë 🦉 Ø,København,"{""a,b"":[""\\"""",1,null],""url"":""=1""}"\n`,
    );
  });

  it("--escape-formulas escapes formulas in csv", async () => {
    const { stdout } = await cli(["export", "--format", "csv", "--fields", "middle_name,legal_address.address_line_1", "--escape-formulas"]);
    assert.equal(stdout, "middle_name,legal_address.address_line_1\n'=HYPERLINK(1),'-1 Road\n");
  });

  it("table aligns columns, and shows no control character", async () => {
    const { stdout } = await cli(["list", "--format", "table", "--fields", "status,first_name,last_name"]);
    assert.equal(stdout, 'status  first_name               last_name\nACTIVE  Ann "Quote", the\ufffdsecond  Zoë 🦉 Ø\n');
  });

  it("get prints one object, or a field a line", async () => {
    const [{ id }] = records((await cli(["list"])).stdout);
    assert.deepEqual(JSON.parse((await cli(["get", id, "--format", "json", "--fields", "id"])).stdout), { id });
    assert.equal((await cli(["get", id, "--format", "table", "--fields", "id,status"])).stdout, `id      ${id}\nstatus  ACTIVE\n`);
  });

  it("an exported CSV file is imported as the same customers", async () => {
    const other = await startServer();
    const { stdout: csv } = await cli(["export", "--format", "csv"]);
    const imported = await run(["import", "-", "--format", "csv"], { env: other, cwd, input: csv });
    assert.deepEqual([imported.code, imported.stderr], [0, ""]);
    const [copy] = records((await run(["export"], { env: other })).stdout);
    const [original] = records((await cli(["export"])).stdout);
    for (const field of ["status", "first_name", "middle_name", "last_name", "metadata"]) assert.deepEqual(copy[field], original[field], field);
    for (const field of Object.keys(ODD.legal_address)) assert.equal(copy.legal_address[field], ODD.legal_address[field], field);
  });
});

describe("columns", () => {
  const { schemas } = parseYaml(readFileSync(new URL("../../contract/customers.openapi.yaml", import.meta.url), "utf8")).components;
  const propertiesOf = (schema) => {
    const { allOf = [], properties = {}, $ref } = schema;
    if ($ref) return propertiesOf(schemas[$ref.split("/").pop()]);
    return [...allOf.flatMap(propertiesOf), ...Object.keys(properties)];
  };

  it("are the fields of the contract", async () => {
    const header = (await cli(["list", "--format", "csv", "--limit", "1"])).stdout.split("\n")[0].split(",");
    const named = new Set(header.map((column) => column.split(".")[0]));
    const wanted = propertiesOf(schemas.Customer).filter((name) => !["note", "related_customers"].includes(name));
    assert.deepEqual([...named].sort(), [...new Set(wanted)].sort());
    const address = header.filter((column) => column.startsWith("legal_address.")).map((column) => column.split(".")[1]);
    assert.deepEqual(address.sort(), propertiesOf(schemas.Address).sort());
  });
});
