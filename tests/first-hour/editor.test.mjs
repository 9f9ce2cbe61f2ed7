// What an editor shows: completions, hovers and errors, from TypeScript's own language service.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import ts from "typescript-5.9";
import { createProject } from "./project.mjs";

let folder;
before(async () => {
  folder = await createProject("node", ["@types/node"]);
});

/** A language service for a program whose text has a mark, `|`; gives the service, the file and the mark's place. */
function open(text) {
  const at = text.indexOf("|");
  const source = at < 0 ? text : text.slice(0, at) + text.slice(at + 1);
  const file = `${folder}/editor.ts`;
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    types: ["node"],
  };
  const read = (name) => (name === file ? source : ts.sys.readFile(name));
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const content = read(name);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: read,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    realpath: ts.sys.realpath,
  });
  return { service, file, at };
}

const START = `import { CustomersApi, isSyncteraError, type CustomerWrite } from "synctera-customers";
const api = new CustomersApi({ accessToken: process.env.SYNCTERA_API_KEY });
`;

function completions(text) {
  const { service, file, at } = open(START + text);
  return service.getCompletionsAtPosition(file, at, {})?.entries.map(({ name }) => name) ?? [];
}

function hover(text) {
  const { service, file, at } = open(START + text);
  const info = service.getQuickInfoAtPosition(file, at);
  return `${ts.displayPartsToString(info?.displayParts)}\n${ts.displayPartsToString(info?.documentation)}`;
}

function errors(text) {
  const { service, file } = open(START + text);
  const all = [...service.getSyntacticDiagnostics(file), ...service.getSemanticDiagnostics(file)];
  return all.map(({ messageText, start }) => ({
    words: ts.flattenDiagnosticMessageText(messageText, "\n"),
    at: (START + text).slice(start, start + 12),
  }));
}

const WRITABLE = [
  "ban_status", "dob", "email", "first_name", "last_name", "legal_address", "metadata", "middle_name", "note",
  "phone_number", "shipping_address", "ssn", "status", "tenant",
];

describe("an editor", () => {
  it("completes the fields that may be written, and no others", () => {
    for (const call of ["api.createCustomer({ | });", 'api.updateCustomer("1", { | });', "api.createCustomerWithHttpInfo({ | });"]) {
      assert.deepEqual(completions(call).sort(), WRITABLE, call);
    }
    const patch = completions('api.patchCustomer("1", { | });');
    assert.deepEqual(patch.sort(), WRITABLE.filter((name) => name !== "tenant"));
  });

  it("completes the values of a status", () => {
    const values = completions('api.createCustomer({ status: "|" });');
    assert.ok(values.includes("ACTIVE") && values.includes("PROSPECT") && values.length < 20, values.join());
  });

  it("completes an error's members once its name is known", () => {
    const names = completions('declare const e: unknown; if (isSyncteraError(e) && e.name === "ApiError") e.|');
    assert.ok(names.includes("validStatus") && !names.includes("timeoutMs"), names.join());
  });

  it("says of a wrong status what is wrong with the status", () => {
    for (const call of ['api.createCustomer({ status: "ACTVE" });', 'api.updateCustomer("1", { status: "ACTVE" });']) {
      const [{ words }] = errors(call);
      assert.match(words, /"ACTVE"' is not assignable to type '(CustomerStatus|"ACCEPTED")/, words);
    }
  });

  it("shows a method with what may be written, and no reference that is not shipped", () => {
    const shown = hover('api.create|Customer({ status: "ACTIVE" });');
    assert.match(shown, /createCustomer\(customer: CustomerWrite, options\?: RequestOptions\): Promise<CustomerInBody>/);
    assert.match(shown, /Creates a customer and returns it as stored/);
    const declarations = readFileSync(`${process.env.CONSUMER}/node_modules/synctera-customers/dist/index.d.ts`, "utf8");
    assert.doesNotMatch(declarations, /BEHAVIOUR|examples\/|docs\/|contract\/|\.rs\b/);
  });

  it("has no error to show for the README's first lines", () => {
    assert.deepEqual(errors('const customer: CustomerWrite = { status: "ACTIVE" };\napi.createCustomer(customer);'), []);
  });
});
