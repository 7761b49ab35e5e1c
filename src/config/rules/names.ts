// All names of a site by kind, and where each was given; no kind has one name twice.
import { type Draft, entries, type SiteDraft } from "../draft.ts";
import type { BeltConfig } from "../line-schema.ts";
import type { Path } from "../problem.ts";
import { NAME_RULE } from "../published-schema.ts";
import type { SiteFile } from "../site-files.ts";
import { ID_PATTERN } from "../values.ts";
import type { Rule } from "./rule.ts";

export type NameKind =
  | "device"
  | "belt"
  | "encoder"
  | "eye"
  | "station"
  | "gate"
  | "scanner"
  | "chute"
  | "route"
  | "code"
  | "token";

export interface GivenName {
  kind: NameKind;
  /** undefined: the entry has none, or no valid one. */
  name: string | undefined;
  file: SiteFile;
  path: Path;
}

type Named = readonly ({ readonly id?: string | undefined } | undefined)[] | undefined;

export function namesOf(site: SiteDraft): GivenName[] {
  const { line, chutes, customs, gateway } = site;
  const named = (kind: NameKind, file: SiteFile, path: Path, list: Named) =>
    (list ?? []).map((item, index): GivenName => ({ kind, name: item?.id, file, path: [...path, index, "id"] }));
  return [
    ...named("device", "line.yaml", ["devices"], line.devices),
    ...named("belt", "line.yaml", ["belts"], line.belts),
    ...entries(line.belts).flatMap(([index, belt]) => namesOnBelt(belt, index, named)),
    ...named("scanner", "line.yaml", ["scanners"], line.scanners),
    ...named("chute", "chutes.yaml", ["chutes"], chutes.chutes),
    ...named("route", "chutes.yaml", ["routes"], chutes.routes),
    ...named("code", "customs.yaml", ["codes"], customs.codes),
    ...(gateway.tokens ?? []).map(
      (token, index): GivenName => ({
        kind: "token",
        name: token?.name,
        file: "gateway.yaml",
        path: ["tokens", index, "name"],
      }),
    ),
  ];
}

function namesOnBelt(
  belt: Draft<BeltConfig>,
  index: number,
  named: (kind: NameKind, file: SiteFile, path: Path, list: Named) => GivenName[],
): GivenName[] {
  const path = (key: string): Path => ["belts", index, key];
  const encoder: GivenName = {
    kind: "encoder",
    name: belt.encoder?.id,
    file: "line.yaml",
    path: [...path("encoder"), "id"],
  };
  return [
    ...(belt.encoder === undefined ? [] : [encoder]),
    ...named("eye", "line.yaml", path("eyes"), belt.eyes),
    ...named("station", "line.yaml", path("stations"), belt.stations),
    ...named("gate", "line.yaml", path("gates"), belt.gates),
  ];
}

export const namesAreUnique: Rule = (site, report) => {
  const first = new Map<string, GivenName>();
  for (const given of namesOf(site)) {
    if (given.name === undefined) continue;
    if (!ID_PATTERN.test(given.name)) {
      report(given.file, given.path, {
        code: "CONFIG_WRONG_VALUE",
        what: `"${given.name}" is no good name`,
        right: NAME_RULE,
      });
    }
    const key = `${given.kind} ${given.name}`;
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, given);
      continue;
    }
    report(given.file, given.path, {
      code: "CONFIG_DUPLICATE_ID",
      what: `"${given.name}" is the name of another ${given.kind}`,
      right: `a name that no other ${given.kind} has`,
    });
  }
};
