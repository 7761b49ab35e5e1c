// A site as far as it can be trusted: what the schema refused is cut out, so that the rules still judge all the rest.
import type { ChutesConfig } from "./chutes-schema.ts";
import type { CustomsConfig } from "./customs-schema.ts";
import type { GatewayConfig } from "./gateway-schema.ts";
import type { LineConfig } from "./line-schema.ts";
import type { Path } from "./problem.ts";

/** Every part may be missing; what is there has its type. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly (Draft<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Draft<T[Key]> | undefined }
    : T;

export interface SiteDraft {
  line: Draft<LineConfig>;
  chutes: Draft<ChutesConfig>;
  customs: Draft<CustomsConfig>;
  gateway: Draft<GatewayConfig>;
}

/** A copy of `value` without what stands at the paths; a list keeps the places of the others. */
export function without(value: unknown, paths: readonly Path[]): unknown {
  if (paths.some((path) => path.length === 0)) return undefined;
  const copy = structuredClone(value);
  for (const path of paths) {
    let here = copy as Record<string | number, unknown> | undefined;
    for (const step of path.slice(0, -1)) here = here?.[step] as Record<string | number, unknown> | undefined;
    const last = path.at(-1);
    if (here !== null && typeof here === "object" && last !== undefined && last in here) here[last] = undefined;
  }
  return copy;
}

/** The entries of a list that are there, with their places. */
export const entries = <Item>(list: readonly (Item | undefined)[] | undefined): [number, Item][] =>
  (list ?? []).flatMap((item, index) => (item === undefined ? [] : [[index, item] as [number, Item]]));
