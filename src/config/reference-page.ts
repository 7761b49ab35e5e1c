// Writes docs/reference/configuration.md from the schemas: every key with meaning, unit, default and range.
import { expectation, type JsonSchema, jsonSchemaOf, NAME_RULE, quoted } from "./published-schema.ts";
import { SITE_FILE_NAMES, SITE_FILES, type SiteFile } from "./site-files.ts";

interface Row {
  key: string;
  value: string;
  fallback: string;
  unit: string;
  meaning: string;
}

export function referencePage(): string {
  return `${[
    "# Configuration reference",
    "",
    "Made from the schemas by `coline schema`; a test fails when it is out of date. Tasks are in the guide",
    "[configure a site](../guides/configure-a-site.md). A site is a folder with these four files; `coline check` proves it.",
    "`[]` stands for each entry of a list. A key without a default must be there, unless it is marked optional.",
    `A name is ${NAME_RULE}.`,
    ...SITE_FILE_NAMES.flatMap(fileSection),
  ].join("\n")}\n`;
}

function fileSection(file: SiteFile): string[] {
  const { about, applies } = SITE_FILES[file];
  const rows = rowsOf(jsonSchemaOf(file), "", true);
  return [
    "",
    `## ${file}`,
    "",
    `${about} A change applies ${applies}.`,
    "",
    "| Key | Value | Unit | Default | Meaning |",
    "| --- | --- | --- | --- | --- |",
    ...rows.map(
      ({ key, value, unit, fallback, meaning }) => `| \`${key}\` | ${value} | ${unit} | ${fallback} | ${meaning} |`,
    ),
  ];
}

function rowsOf(schema: JsonSchema, at: string, required: boolean): Row[] {
  const own = at === "" ? [] : [rowOf(schema, at, required)];
  return [...own, ...childrenOf(schema, at)];
}

function childrenOf(schema: JsonSchema, at: string): Row[] {
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants !== undefined) return variantRows(variants, at);
  if (typeof schema.items === "object" && isNested(schema.items)) return childrenOf(schema.items, `${at}[]`);
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
    rowsOf(property, at === "" ? key : `${at}.${key}`, schema.required?.includes(key) === true),
  );
}

/** Keys that several variants share are told once, under the first. */
function variantRows(variants: readonly JsonSchema[], at: string): Row[] {
  const told = new Set<string>();
  return variants.flatMap((variant) => {
    const kind = Object.entries(variant.properties ?? {}).find(([, property]) => property.const !== undefined);
    const under = kind === undefined || variants.length === 1 ? at : `${at}(${kind[1].const})`;
    return childrenOf(variant, under).filter(({ key, meaning }) => {
      const what = `${key.slice(under.length)} ${meaning}`;
      if (told.has(what)) return false;
      told.add(what);
      return true;
    });
  });
}

const isNested = (schema: JsonSchema): boolean =>
  schema.properties !== undefined || schema.oneOf !== undefined || schema.anyOf !== undefined;

function rowOf(schema: JsonSchema, key: string, required: boolean): Row {
  const fallback = schema.default;
  return {
    key,
    value: cell(valueText(schema)),
    unit: unitOf(key),
    fallback: fallback === undefined ? (required ? "" : "optional") : defaultText(fallback),
    meaning: cell(meaningOf(schema)),
  };
}

function valueText(schema: JsonSchema): string {
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants !== undefined) {
    return variants.every((variant) => variant.properties !== undefined) ? "a map" : expectation(variants);
  }
  if (schema.properties !== undefined) return "a map";
  if (schema.prefixItems !== undefined)
    return `a list of ${schema.prefixItems.map((item) => expectation([item])).join(" and ")}`;
  return expectation([schema]).replace(/^a name: .*/, "a name");
}

/** A list's meaning is often that of its entries. */
const meaningOf = (schema: JsonSchema): string =>
  schema.description ?? (typeof schema.items === "object" ? (schema.items.description ?? "") : "");

const defaultText = (value: unknown): string =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0 && !Array.isArray(value)
    ? "its own defaults"
    : `\`${cell(typeof value === "string" ? JSON.stringify(value) : quoted(value))}\``;

const UNITS: readonly (readonly [ending: string, unit: string])[] = [
  ["MmPerS", "mm/s"],
  ["mmPerCount", "mm"],
  ["Mm", "mm"],
  ["Ms", "ms"],
  ["Mb", "MB"],
  ["Days", "days"],
  ["Percent", "%"],
  ["Bytes", "bytes"],
  ["baud", "bit/s"],
];

const unitOf = (key: string): string => UNITS.find(([ending]) => key.endsWith(ending))?.[1] ?? "";

/** A pipe would end the cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|");
