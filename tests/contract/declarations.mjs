// Reads the package's TypeScript declarations with the TypeScript compiler, the last one that can
// be asked from JavaScript.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript-5.9";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The package: installed, as `cargo xtask test` says, or as it was built last. */
export const packageFolder = process.env.CONSUMER
  ? join(process.env.CONSUMER, "node_modules/synctera-customers")
  : join(root, "pkg");

const file = join(packageFolder, "dist/index.d.ts");
const program = ts.createProgram([file], { strict: true, target: ts.ScriptTarget.ESNext });
const checker = program.getTypeChecker();
const source = program.getSourceFile(file);

/** What is exported, by name. A function with overloads has several declarations. */
export const exported = new Map(
  checker
    .getExportsOfModule(checker.getSymbolAtLocation(source))
    .map((symbol) => [symbol.name, symbol]),
);

/** The names of what exists at run time: classes and functions. */
export const values = [...exported]
  .filter(([, symbol]) => symbol.flags & ts.SymbolFlags.Value)
  .map(([name]) => name)
  .sort();

/** The documentation in front of a declaration. */
export function docOf(declaration) {
  return ts
    .getJSDocCommentsAndTags(declaration)
    .filter(ts.isJSDoc)
    .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? "")
    .join("\n")
    .trim();
}

/** Every declaration of a symbol. */
export function declarationsOf(name) {
  return exported.get(name).declarations;
}

/** The members that a caller can see of an interface or a class, shared ones included. */
export function membersOf(name) {
  const type = checker.getDeclaredTypeOfSymbol(exported.get(name));
  return checker
    .getPropertiesOfType(type)
    .filter((member) => member.declarations?.some((d) => d.getSourceFile() === source))
    .map((member) => {
      const [declaration] = member.declarations;
      return {
        name: ts.isComputedPropertyName(declaration.name) ? declaration.name.getText() : member.name,
        optional: Boolean(member.flags & ts.SymbolFlags.Optional),
        readonly: Boolean(ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly),
        type: declaration.type?.getText().replace(/\s+/g, " "),
        parameters: declaration.parameters?.map((parameter) => parameter.getText()),
        declarations: member.declarations,
      };
    });
}

/** Whether it is an interface or a class. */
export function hasMembers(name) {
  return Boolean(exported.get(name).flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class));
}

/** The texts that a union of string literals is made of; undefined if it is anything else. */
export function literalsOf(typeNode) {
  const parts = ts.isUnionTypeNode(typeNode) ? typeNode.types : [typeNode];
  const literal = (part) => ts.isLiteralTypeNode(part) && ts.isStringLiteral(part.literal);
  return parts.every(literal) ? parts.map((part) => part.literal.text) : undefined;
}
