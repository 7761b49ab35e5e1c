// What the proof must know of a loaded site, and where in its files the proof's findings belong.
import { judgesLateness, scannerWire, telegramWireNs } from "../../drivers/registry.ts";
import { type ProofFinding, type SiteFacts, USUAL_TELEGRAM_BYTES } from "../proof/facts.ts";
import { deviceFacts, um } from "./device-facts.ts";
import type { Site } from "./load.ts";
import { inOrder, type Path, type Problem } from "./problem.ts";
import { namesOf } from "./rules/names.ts";
import { SITE_FILE_NAMES, type SiteFile } from "./site-files.ts";
import { problemAt } from "./yaml-source.ts";

export const siteFacts = ({ line, chutes, layout }: Site): SiteFacts => ({
  layout,
  belts: line.belts.map((belt) => ({
    beltId: belt.id,
    guaranteedGapUm: um(belt.items.gapMm),
    runDeviceId: belt.runPermit.device,
    infeedDeviceId: belt.infeedPermit.device,
  })),
  gates: line.belts.flatMap((belt) =>
    belt.gates.map(({ id, drive }) => ({
      gateId: id,
      judges: judgesLateness(drive),
      judgedBits: drive.kind === "mailbox" ? drive.bits : drive.kind === "destination" ? 32 : null,
    })),
  ),
  devices: line.devices.map((device) => deviceFacts(device, line, chutes)),
  scanners: line.scanners.map((scanner) => ({
    scannerId: scanner.id,
    baud: scanner.baud,
    wireNs: telegramWireNs(scanner),
    usualWireNs: telegramWireNs(scanner, USUAL_TELEGRAM_BYTES),
    ...scannerWire(scanner),
  })),
});

/** The proof's findings at the lines that would have to change. */
export const problemsOfProof = (site: Site, findings: readonly ProofFinding[]): Problem[] =>
  inOrder(
    findings.map((finding) => {
      const { file, path } = placeOf(site, finding);
      return problemAt(site.sources[file], path, finding);
    }),
    SITE_FILE_NAMES,
  );

function placeOf(site: Site, { kind, id, key }: ProofFinding): { file: SiteFile; path: Path } {
  if (kind === "site") return { file: "line.yaml", path: key?.split(".") ?? [] };
  const wanted = kind === "safeEnd" ? "belt" : kind;
  const given = namesOf(site).find((each) => each.kind === wanted && each.name === id);
  if (given === undefined) return { file: "line.yaml", path: [] };
  const at = [...given.path.slice(0, -1), ...(kind === "safeEnd" ? ["safeEnd"] : [])];
  return { file: given.file, path: key === undefined ? at : [...at, ...key.split(".")] };
}
