// The tables as Rust hands them to the kernel. `TABLES` names the file that `cargo xtask test js`
// writes: the output of `cargo run --example tables`.
import { readFileSync } from "node:fs";
import { compile } from "../../src/js/shape.js";

/** In the module, `undefined` stands for what is absent; JSON has only `null`, for infinity too. */
function withoutNull(_name, value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  for (const [name, member] of Object.entries(value)) {
    if (member === null) value[name] = name === "maximum" ? Infinity : undefined;
  }
  return value;
}

const { shapes, forms } = JSON.parse(readFileSync(process.env.TABLES, "utf8"), withoutNull);

const compiled = (rows) => Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, compile(row)]));

/** What objects look like, by the name of the Rust type. */
export const types = compiled(shapes);

/** The texts that have a form, by the name of the pattern. */
export const formsByName = compiled(forms);

/** A type of one row, of which some members are given. */
export const typeOf = (row) =>
  compile({ form: undefined, values: undefined, minimum: 0, maximum: Infinity, whole: false, item: undefined, filled: false,
    fields: undefined, callable: false, methods: undefined, ...row });
