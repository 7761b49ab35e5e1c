// What is made from the schemas and kept in the repository is what the schemas say now.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { publishedFiles } from "../../../src/config/published-files.ts";
import { type JsonSchema, jsonSchemaOf } from "../../../src/config/published-schema.ts";
import { SITE_FILE_NAMES } from "../../../src/config/site-files.ts";

test.each(publishedFiles())("$path is up to date (else run `coline schema`)", ({ path, text }) => {
  expect(readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")).toBe(text);
});

test.each(SITE_FILE_NAMES)("every key of %s says what it means, and every number its range", (file) => {
  expect(silentKeys(jsonSchemaOf(file), "")).toEqual([]);
});

function silentKeys(schema: JsonSchema, at: string): string[] {
  const variants = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  const items = typeof schema.items === "object" ? [schema.items] : [];
  const isNumber = schema.type === "number" || schema.type === "integer";
  const isUnbounded =
    isNumber && (schema.minimum === undefined || (schema.maximum ?? Number.MAX_SAFE_INTEGER) >= 2 ** 53 - 1);
  return [
    ...(isUnbounded && schema.const === undefined ? [`${at}: no range`] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, property]) => [
      ...(property.description === undefined && !hasDescribedItems(property) ? [`${at}.${key}: no meaning`] : []),
      ...silentKeys(property, `${at}.${key}`),
    ]),
    ...[...variants, ...items].flatMap((inner) => silentKeys(inner, at)),
  ];
}

const hasDescribedItems = (schema: JsonSchema): boolean =>
  typeof schema.items === "object" && schema.items.description !== undefined;
