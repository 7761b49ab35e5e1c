// Every name that is used is given somewhere: devices, chutes, scanners, encoders.
import { SIGNAL_NAMES } from "../../line/layout.ts";
import { type Draft, entries, type SiteDraft } from "../draft.ts";
import type { BeltConfig, GateConfig } from "../line-schema.ts";
import { nearestName } from "../nearest-name.ts";
import type { Path } from "../problem.ts";
import type { SiteFile } from "../site-files.ts";
import { type NameKind, namesOf } from "./names.ts";
import type { Rule } from "./rule.ts";

interface Reference {
  kind: NameKind;
  name: string | undefined;
  file: SiteFile;
  path: Path;
}

export const referencesExist: Rule = (site, report) => {
  const given = namesOf(site);
  for (const { kind, name, file, path } of references(site)) {
    if (name === undefined) continue;
    const ofKind = given.filter((each) => each.kind === kind);
    // A list with an unreadable entry may have meant that one.
    if (ofKind.some((each) => each.name === name || each.name === undefined)) continue;
    const known = ofKind.flatMap((each) => each.name ?? []);
    const meant = nearestName(name, known);
    report(file, path, {
      code: "CONFIG_UNKNOWN_REFERENCE",
      what: `there is no ${kind} "${name}"`,
      right:
        meant !== null ? `"${meant}"` : known.length === 0 ? `a ${kind} that exists` : `one of ${known.join(", ")}`,
    });
  }
};

function references(site: SiteDraft): Reference[] {
  return [...entries(site.line.belts).flatMap(([index, belt]) => onBelt(belt, ["belts", index])), ...inChutes(site)];
}

function onBelt(belt: Draft<BeltConfig>, at: Path): Reference[] {
  const device = (name: string | undefined, ...path: Path): Reference => ({
    kind: "device",
    name,
    file: "line.yaml",
    path: [...at, ...path, "device"],
  });
  return [
    device(belt.encoder?.device, "encoder"),
    device(belt.runPermit?.device, "runPermit"),
    device(belt.infeedPermit?.device, "infeedPermit"),
    ...SIGNAL_NAMES.map((name) => device(belt.signals?.[name]?.device, "signals", name)),
    { kind: "chute", name: belt.safeEnd?.chute, file: "line.yaml", path: [...at, "safeEnd", "chute"] },
    ...entries(belt.eyes).map(([index, eye]) => device(eye.device, "eyes", index)),
    ...entries(belt.stations).flatMap(([index, station]) =>
      entries(station.scanners).map(
        ([place, name]): Reference => ({
          kind: "scanner",
          name,
          file: "line.yaml",
          path: [...at, "stations", index, "scanners", place],
        }),
      ),
    ),
    ...entries(belt.gates).flatMap(([index, gate]) => ofGate(gate, [...at, "gates", index])),
  ];
}

function ofGate(gate: Draft<GateConfig>, at: Path): Reference[] {
  const file: SiteFile = "line.yaml";
  const drive = gate.drive;
  const encoder = drive?.kind === "mailbox" ? drive.encoder : undefined;
  return [
    { kind: "device", name: gate.device, file, path: [...at, "device"] },
    { kind: "encoder", name: encoder, file, path: [...at, "drive", "encoder"] },
    ...entries(gate.chutes).map(
      ([place, name]): Reference => ({ kind: "chute", name, file, path: [...at, "chutes", place] }),
    ),
  ];
}

function inChutes(site: SiteDraft): Reference[] {
  const file: SiteFile = "chutes.yaml";
  return [
    ...entries(site.chutes.chutes).flatMap(([index, chute]): Reference[] => [
      { kind: "device", name: chute.eye?.device, file, path: ["chutes", index, "eye", "device"] },
      { kind: "device", name: chute.fullInput?.device, file, path: ["chutes", index, "fullInput", "device"] },
    ]),
    ...entries(site.chutes.routes).flatMap(([index, route]) =>
      entries(route.to).map(
        ([place, name]): Reference => ({ kind: "chute", name, file, path: ["routes", index, "to", place] }),
      ),
    ),
  ];
}
