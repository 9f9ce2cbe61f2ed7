// Reads contract/customers.openapi.yaml.
import { readFileSync } from "node:fs";
import { parse } from "yaml";

const file = new URL("../../contract/customers.openapi.yaml", import.meta.url);

/** The OpenAPI document. */
export const document = parse(readFileSync(file, "utf8"));

export const schemas = document.components.schemas;

/** The parameters of listCustomers, in order. */
export const listParameters = document.paths["/customers"].get.parameters.map(resolve);

/** The ids of the five operations. */
export const operationIds = Object.values(document.paths)
  .flatMap((path) => Object.values(path))
  .map((operation) => operation.operationId)
  .filter((id) => id !== undefined);

/** Follows a `$ref`; its siblings win. */
export function resolve(value) {
  if (value?.$ref === undefined) return value;
  const { $ref, ...siblings } = value;
  const target = $ref.split("/").slice(1).reduce((node, name) => node[name], document);
  return { ...resolve(target), ...siblings };
}

/** The last segment of a `$ref`. */
export function refName(value) {
  return value?.$ref?.split("/").at(-1);
}

/**
 * Properties and required names with `allOf` merged; of a `oneOf` the named branch. A property that
 * is `false` must not be there.
 */
export function flatten(schema, branch) {
  const { properties, required } = merge(schema, branch);
  const present = Object.entries(properties).filter(([, property]) => property !== false);
  return { properties: Object.fromEntries(present), required };
}

function merge(schema, branch) {
  const resolved = resolve(schema);
  const branches = (resolved.oneOf ?? []).filter((part) => refName(part) === branch);
  const parts = [...(resolved.allOf ?? []), ...branches].map((part) => merge(part, branch));
  return {
    properties: Object.assign({}, ...parts.map((part) => part.properties), resolved.properties),
    required: [...parts.flatMap((part) => part.required), ...(resolved.required ?? [])],
  };
}
