// A gate's drive fits its gate: a mailbox has an encoder to judge by, and a position for each chute.
import { type Draft, entries, type SiteDraft } from "../draft.ts";
import type { BeltConfig, GateConfig } from "../line-schema.ts";
import type { Path } from "../problem.ts";
import type { Finding, Rule } from "./rule.ts";

type Say = (path: Path, finding: Finding) => void;
type Drive = Draft<GateConfig["drive"]>;
type Mailbox = Extract<Drive, { kind?: "mailbox" | undefined }>;

export const drivesFit: Rule = (site, report) => {
  for (const [index, belt] of entries(site.line.belts)) {
    for (const [place, gate] of entries(belt.gates)) {
      const say: Say = (path, finding) => report("line.yaml", ["belts", index, "gates", place, ...path], finding);
      const drive = gate.drive;
      sayWrites(site, gate, say);
      if (drive?.kind === "mailbox") {
        sayEncoder(belt, gate, drive, say);
        sayPositions(gate, drive.positions, say);
      } else if (drive?.kind === "destination") {
        sayPositions(gate, drive.codes, say, { key: "codes" });
      } else if (drive?.kind === "coils" || drive?.kind === "register" || drive?.kind === "command") {
        // Where no code is written, all chutes' codes are alike.
        const isCoded = drive.kind !== "command" || drive.code !== undefined;
        sayPositions(gate, drive.positions, say, { isCoded });
        if (drive.kind === "coils") sayRow(gate, drive.positions, say);
        if (drive.kind === "register") sayHome(gate, drive, say);
      } else if (drive?.kind === "coil" && (gate.chutes?.length ?? 0) > 1) {
        say(["chutes"], {
          code: "CONFIG_COIL_OF_TWO_CHUTES",
          what: `gate "${gate.id}" has ${gate.chutes?.length} chutes, but one coil knows only home and out`,
          right: "one chute for a gate that a coil drives",
        });
      }
    }
  }
};

function sayEncoder(belt: Draft<BeltConfig>, gate: Draft<GateConfig>, drive: Mailbox, say: Say): void {
  const { encoder } = belt;
  if (encoder === undefined) {
    say(["drive", "kind"], {
      code: "CONFIG_MAILBOX_WITHOUT_ENCODER",
      what: `gate "${gate.id}" judges belt windows, but belt "${belt.id}" has no encoder`,
      right: `an encoder on belt "${belt.id}", or a drive of kind coil`,
    });
  } else if (encoder.device !== undefined && gate.device !== undefined && encoder.device !== gate.device) {
    say(["device"], {
      code: "CONFIG_MAILBOX_WITHOUT_ENCODER",
      what: `"${gate.device}" cannot judge belt windows: encoder "${encoder.id}" is counted by "${encoder.device}"`,
      right: `"${encoder.device}"`,
    });
  } else if (drive.encoder !== undefined && encoder.id !== undefined && drive.encoder !== encoder.id) {
    say(["drive", "encoder"], {
      code: "CONFIG_MAILBOX_WITHOUT_ENCODER",
      what: `"${drive.encoder}" is not the encoder of belt "${belt.id}"`,
      right: `"${encoder.id}"`,
    });
  }
}

function sayPositions(
  gate: Draft<GateConfig>,
  positions: Draft<Record<string, number>> | undefined,
  say: Say,
  { isCoded = true, key = "positions" }: { isCoded?: boolean; key?: "positions" | "codes" } = {},
): void {
  const chutes = gate.chutes?.filter((chute) => chute !== undefined);
  if (positions === undefined || chutes === undefined) return;
  for (const chute of chutes) {
    if (chute in positions) continue;
    say(["drive", key], {
      code: "CONFIG_POSITION_MISSING",
      what: `gate "${gate.id}" has no position for its chute "${chute}"`,
      right: `"${chute}: <position code>"`,
    });
  }
  const codes = new Set<number>();
  for (const [chute, code] of Object.entries(positions)) {
    if (!chutes.includes(chute)) {
      say(["drive", key, chute], {
        code: "CONFIG_UNKNOWN_REFERENCE",
        what: `"${chute}" is no chute of gate "${gate.id}"`,
        right: `one of ${chutes.join(", ")}`,
        atKey: true,
      });
    }
    if (code === undefined || !isCoded) continue;
    if (codes.has(code)) {
      say(["drive", key, chute], {
        code: "CONFIG_ADDRESS_TWICE",
        what: `position ${code} of gate "${gate.id}" already leads to another chute`,
        right: "a position code of its own for each chute",
      });
    }
    codes.add(code);
  }
}

/** A command in pieces could be carried out half, or withdrawn half. */
function sayWrites(site: SiteDraft, gate: Draft<GateConfig>, say: Say): void {
  const device = site.line.devices?.find((each) => each?.id !== undefined && each.id === gate.device);
  if (device === undefined || !("writes" in device) || device.writes !== "single" || gate.drive === undefined) return;
  const many = writesMany(gate.drive);
  if (many === null) return;
  say(["drive", "kind"], {
    code: "CONFIG_WRITES_TOO_MANY",
    what: `gate "${gate.id}" needs ${many} in one request, and "${gate.device}" takes single writes only`,
    right: "writes: any for the device, or a drive of one coil or one register of 16 bits",
  });
}

function writesMany(drive: Drive): string | null {
  if (drive.kind === "mailbox") return "a whole command";
  if (drive.kind === "destination") return "a whole telegram";
  if (drive.kind === "coils") return Object.keys(drive.positions ?? {}).length > 1 ? "several coils" : null;
  if (drive.kind === "register") return drive.bits === 32 ? "two registers" : null;
  if (drive.kind !== "command") return null;
  return drive.bits === 32 || drive.code !== undefined ? "number and code" : null;
}

/** All off is home: they are written in one request, which must touch no other coil. */
function sayRow(gate: Draft<GateConfig>, positions: Draft<Record<string, number>> | undefined, say: Say): void {
  const coils = Object.values(positions ?? {}).filter((coil) => coil !== undefined);
  const isRow = Math.max(...coils) - Math.min(...coils) === new Set(coils).size - 1;
  if (coils.length === 0 || isRow) return;
  say(["drive", "positions"], {
    code: "CONFIG_COILS_APART",
    what: `the coils of gate "${gate.id}" (${coils.join(", ")}) do not follow each other`,
    right: "addresses in a row, or a drive of kind register",
  });
}

function sayHome(gate: Draft<GateConfig>, drive: Extract<Drive, { kind?: "register" | undefined }>, say: Say): void {
  const { home = 0, positions, bits = 16 } = drive;
  for (const [chute, code] of Object.entries(positions ?? {})) {
    const isHome = code === home;
    if (code === undefined || (!isHome && (bits === 32 || code <= 0xffff))) continue;
    say(["drive", "positions", chute], {
      code: "CONFIG_POSITION_MISSING",
      what: isHome ? `code ${code} of gate "${gate.id}" is its home` : `code ${code} does not fit into 16 bits`,
      right: isHome ? "another code than home" : "at most 65535, or bits: 32",
    });
  }
}
