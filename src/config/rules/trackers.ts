// A belt that its PLC tracks has all that this needs, on one device; and no other belt has any of it.
import { type Draft, entries, type SiteDraft } from "../draft.ts";
import type { BeltConfig } from "../line-schema.ts";
import type { Path } from "../problem.ts";
import type { Rule } from "./rule.ts";

type Say = (path: Path, what: string, right: string) => void;

export const trackersAreComplete: Rule = (site, report) => {
  const first = new Map<string, string>();
  for (const [index, belt] of entries(site.line.belts)) {
    const say: Say = (path, what, right) =>
      report("line.yaml", ["belts", index, ...path], { code: "CONFIG_TRACKER_INCOMPLETE", what, right });
    if (belt.tracking !== "plc") {
      sayStrangers(belt, say);
      continue;
    }
    sayMissing(site, belt, say);
    const device = belt.encoder?.device;
    const other = device === undefined ? undefined : first.get(device);
    if (other !== undefined)
      say(["tracking"], `"${device}" already tracks belt "${other}"`, "one belt for each device that tracks");
    else if (device !== undefined) first.set(device, belt.id ?? "");
    sayOneCodeEach(belt, say);
    sayNotLookedAt(belt, (path, what, right) =>
      report("line.yaml", ["belts", index, ...path], { code: "CONFIG_TRACKER_EYES", what, right }),
    );
  }
};

/** The eyes are the PLC's: what Coline would do with their edges, it cannot do. */
function sayNotLookedAt(belt: Draft<BeltConfig>, say: Say): void {
  for (const [place, { id, role, latch, debounceMs }] of entries(belt.eyes)) {
    const at: Path = ["eyes", place];
    const looks = `the PLC that tracks belt "${belt.id}" looks at eye "${id}", and Coline does not`;
    if (latch !== undefined) say([...at, "latch"], `${looks}: nobody would read its edges`, "no latch");
    if ((debounceMs ?? 0) > 0)
      say(
        [...at, "debounceMs"],
        `${looks}: nobody would wait for its beam to settle`,
        "a debounce in the PLC's program",
      );
    if (role === "width")
      say([...at, "role"], `${looks}: parcels side by side would not be noticed`, "no such eye, and a PLC that does");
  }
}

function sayStrangers(belt: Draft<BeltConfig>, say: Say): void {
  for (const [place, gate] of entries(belt.gates))
    if (gate.drive?.kind === "destination")
      say(
        ["gates", place, "drive", "kind"],
        `gate "${gate.id}" waits for destinations, but Coline tracks belt "${belt.id}"`,
        `mailbox or coil, or tracking: plc on belt "${belt.id}"`,
      );
}

function sayMissing(site: SiteDraft, belt: Draft<BeltConfig>, say: Say): void {
  const { encoder } = belt;
  if (encoder === undefined) {
    say(["tracking"], `belt "${belt.id}" has no encoder: no report could say where a parcel is`, "an encoder");
    return;
  }
  if (encoder.bits === 16) say(["encoder", "bits"], "a PLC that tracks reports counts of 32 bits", "32");
  const device = site.line.devices?.find((each) => each?.id === encoder.device);
  if (device !== undefined && (!("tracker" in device) || device.tracker === undefined))
    say(
      ["tracking"],
      `"${device.id}" has no tracker: no registers for destinations and reports`,
      "tracker: {…} in the device",
    );
  for (const [place, eye] of entries(belt.eyes))
    if (eye.device !== undefined && encoder.device !== undefined && eye.device !== encoder.device)
      say(["eyes", place, "device"], `eye "${eye.id}" is not the PLC's that tracks the belt`, `"${encoder.device}"`);
  for (const [place, gate] of entries(belt.gates)) {
    const at: Path = ["gates", place];
    if (gate.drive?.kind !== undefined && gate.drive.kind !== "destination")
      say(
        [...at, "drive", "kind"],
        `the PLC tracks belt "${belt.id}" and moves gate "${gate.id}" itself`,
        "destination",
      );
    if (gate.device !== undefined && encoder.device !== undefined && gate.device !== encoder.device)
      say([...at, "device"], `gate "${gate.id}" is not the PLC's that tracks belt "${belt.id}"`, `"${encoder.device}"`);
  }
}

/** Codes are the PLC's, over all its gates. */
function sayOneCodeEach(belt: Draft<BeltConfig>, say: Say): void {
  const taken = new Map<number, string>();
  for (const [place, { drive }] of entries(belt.gates)) {
    if (drive?.kind !== "destination") continue;
    for (const [chute, code] of Object.entries(drive.codes ?? {})) {
      if (code === undefined) continue;
      const other = taken.get(code);
      if (other !== undefined && other !== chute)
        say(["gates", place, "drive", "codes", chute], `code ${code} already is chute "${other}"`, "a code of its own");
      taken.set(code, chute);
    }
  }
}
