// The JSON Schema of each site file, as published for editors, and what it says about the value at a path.
import { z } from "zod";
import type { Path } from "./problem.ts";
import { SITE_FILES, type SiteFile } from "./site-files.ts";
import { ID_PATTERN } from "./values.ts";

/** The part of JSON Schema (draft 2020-12) that the site schemas use. */
export interface JsonSchema {
  $schema?: string;
  title?: string;
  description?: string;
  type?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  required?: string[];
  items?: JsonSchema | boolean;
  prefixItems?: JsonSchema[];
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
}

/** In words what `ID_PATTERN` says. */
export const NAME_RULE = "a small letter, then small letters, digits and hyphens, at most 32";

/** Writes what a file may hold before defaults are filled in: keys with a default are not required. */
export function jsonSchemaOf(file: SiteFile): JsonSchema {
  const known = made.get(file);
  if (known !== undefined) return known;
  const schema = z.toJSONSchema(SITE_FILES[file].schema, { io: "input" }) as JsonSchema;
  const published = { ...schema, title: `Coline site: ${file}`, description: SITE_FILES[file].about };
  made.set(file, published);
  return published;
}

/** Made once each: a schema takes some ms, and never changes. */
const made = new Map<SiteFile, JsonSchema>();

/** The schemas of the value at a path: several where a union's variants differ in it. */
export function schemasAt(root: JsonSchema, path: Path): JsonSchema[] {
  let found = variants(root);
  for (const step of path) found = found.flatMap((schema) => into(schema, step)).flatMap(variants);
  return found;
}

/** In words: what a value must be. Several schemas are alternatives. */
export function expectation(schemas: readonly JsonSchema[]): string {
  const consts = schemas.flatMap((schema) => (schema.const === undefined ? (schema.enum ?? []) : [schema.const]));
  if (consts.length > 0) return [...new Set(consts.map(quoted))].join(" | ");
  return [...new Set(schemas.map(one))].filter((text) => text !== "").join(", or ");
}

export const quoted = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

function one(schema: JsonSchema): string {
  switch (schema.type) {
    case "integer":
      return `a whole number${range(schema.minimum, schema.maximum)}`;
    case "number":
      return `a number${range(schema.minimum, schema.maximum)}`;
    case "boolean":
      return "true or false";
    case "null":
      return "null";
    case "string":
      if (schema.pattern !== undefined) return patternText(schema.pattern);
      return schema.maxLength === undefined
        ? "text"
        : `text of ${schema.minLength ?? 0} to ${schema.maxLength} characters`;
    case "array":
      return `a list${listRange(schema)}`;
    case "object":
      return schema.properties === undefined ? "a map" : `a map of ${Object.keys(schema.properties).join(", ")}`;
    default:
      return "";
  }
}

/** Patterns that people would otherwise have to read. */
function patternText(pattern: string): string {
  if (pattern === ID_PATTERN.source) return `a name: ${NAME_RULE}`;
  if (pattern === "^[0-9a-f]{64}$") return "64 hex digits in small letters";
  return `text like ${pattern}`;
}

function range(minimum?: number, maximum?: number): string {
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? null : maximum;
  const least = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? null : minimum;
  if (least !== null && most !== null) return ` from ${least} to ${most}`;
  if (least !== null) return ` of at least ${least}`;
  return most === null ? "" : ` of at most ${most}`;
}

function listRange(schema: JsonSchema): string {
  if (schema.prefixItems !== undefined) return ` of ${schema.prefixItems.length}`;
  return schema.maxItems === undefined ? "" : ` of ${schema.minItems ?? 0} to ${schema.maxItems}`;
}

function variants(schema: JsonSchema): JsonSchema[] {
  const inner = schema.oneOf ?? schema.anyOf;
  return inner === undefined ? [schema] : inner.flatMap(variants);
}

function into(schema: JsonSchema, step: string | number): JsonSchema[] {
  if (typeof step === "number") {
    const item = schema.prefixItems?.[step] ?? schema.items;
    return typeof item === "object" ? [item] : [];
  }
  const property = schema.properties?.[step];
  if (property !== undefined) return [property];
  return typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : [];
}
