// Names what a commissioning is good for: line.yaml and the chutes of chutes.yaml, value by value, as they were written.
import { createHash } from "node:crypto";
import { canonicalJson } from "./layout-hash.ts";
import type { SiteFile } from "./site-files.ts";
import type { YamlSource } from "./yaml-source.ts";

/**
 * Registers and coils are no part of the layout, and a wrong one is what a test parcel finds. The defaults of a version are
 * not in it, so that another version of Coline voids nothing; comments and the order of keys are not either.
 */
export function plantHash(
  sources: Readonly<Record<Extract<SiteFile, "line.yaml" | "chutes.yaml">, YamlSource>>,
): string {
  const line = sources["line.yaml"].value;
  const { chutes } = (sources["chutes.yaml"].value ?? {}) as { chutes?: unknown };
  return createHash("sha256").update(canonicalJson({ line, chutes }), "utf8").digest("hex");
}
