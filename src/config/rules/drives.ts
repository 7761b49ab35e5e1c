// A gate's drive fits its gate: a mailbox has an encoder to judge by, and a position for each chute.
import { type Draft, entries } from "../draft.ts";
import type { BeltConfig, GateConfig } from "../line-schema.ts";
import type { Path } from "../problem.ts";
import type { Finding, Rule } from "./rule.ts";

type Say = (path: Path, finding: Finding) => void;
type Mailbox = Extract<Draft<GateConfig["drive"]>, { kind?: "mailbox" | undefined }>;

export const drivesFit: Rule = (site, report) => {
  for (const [index, belt] of entries(site.line.belts)) {
    for (const [place, gate] of entries(belt.gates)) {
      const say: Say = (path, finding) => report("line.yaml", ["belts", index, "gates", place, ...path], finding);
      const drive = gate.drive;
      if (drive?.kind === "mailbox") {
        sayEncoder(belt, gate, drive, say);
        sayCodes(gate, { key: "positions", codes: drive.positions }, say);
      } else if (drive?.kind === "destination") {
        sayCodes(gate, { key: "codes", codes: drive.codes }, say);
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

/** `key`: where the drive's codes of its chutes stand. */
function sayCodes(
  gate: Draft<GateConfig>,
  { key, codes: given }: { key: string; codes: Record<string, number | undefined> | undefined },
  say: Say,
): void {
  const chutes = gate.chutes?.filter((chute) => chute !== undefined);
  if (given === undefined || chutes === undefined) return;
  for (const chute of chutes) {
    if (chute in given) continue;
    say(["drive", key], {
      code: "CONFIG_POSITION_MISSING",
      what: `gate "${gate.id}" has no position for its chute "${chute}"`,
      right: `"${chute}: <position code>"`,
    });
  }
  const codes = new Set<number>();
  for (const [chute, code] of Object.entries(given)) {
    if (!chutes.includes(chute)) {
      say(["drive", key, chute], {
        code: "CONFIG_UNKNOWN_REFERENCE",
        what: `"${chute}" is no chute of gate "${gate.id}"`,
        right: `one of ${chutes.join(", ")}`,
        atKey: true,
      });
    }
    if (code === undefined) continue;
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
