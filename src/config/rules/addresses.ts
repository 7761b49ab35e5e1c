// No coil, input or register of a device has two meanings, and packed inputs exist.
import { LATCH_REGISTERS, MAILBOX_SPAN, TRACKER_SPAN } from "../../../drivers/registry.ts";
import { SIGNAL_NAMES } from "../../line/layout.ts";
import { entries, type SiteDraft } from "../draft.ts";
import type { Path } from "../problem.ts";
import type { SiteFile } from "../site-files.ts";
import type { Rule } from "./rule.ts";

type Space = "coil" | "discrete input" | "holding register" | "input register";

interface Use {
  device: string;
  space: Space;
  from: number;
  /** How many addresses it takes. */
  size: number;
  by: string;
  file: SiteFile;
  path: Path;
}

export const addressesAreUsedOnce: Rule = (site, report) => {
  const taken = new Map<string, Use>();
  for (const use of usesOf(site)) {
    for (let address = use.from; address < use.from + use.size; address++) {
      const key = `${use.device}/${use.space}/${address}`;
      const earlier = taken.get(key);
      taken.set(key, earlier ?? use);
      if (earlier === undefined) continue;
      report(use.file, use.path, {
        code: "CONFIG_ADDRESS_TWICE",
        what: `${use.space} ${address} of "${use.device}" already is ${earlier.by}`,
        right: `${use.size === 1 ? `a ${use.space}` : `${use.size} ${use.space}s`} of its own`,
      });
      break;
    }
  }
};

export const packedInputsExist: Rule = (site, report) => {
  for (const use of usesOf(site)) {
    if (use.space !== "discrete input") continue;
    const device = site.line.devices?.find((each) => each?.id === use.device);
    const words = device?.packedInputs?.words;
    if (words === undefined || use.from < words * 16) continue;
    report(use.file, use.path, {
      code: "CONFIG_INPUT_NOT_PACKED",
      what: `"${use.device}" packs ${words * 16} inputs, so that there is no input ${use.from}`,
      right: `at most ${words * 16 - 1}, or more words in packedInputs`,
    });
  }
};

function usesOf(site: SiteDraft): Use[] {
  const uses: Use[] = [];
  const add = (
    o: { space: Space; by: string; file?: SiteFile; path: Path; size?: number },
    device: string | undefined,
    from: number | undefined,
  ) => {
    if (device === undefined || from === undefined) return;
    uses.push({ device, from, size: o.size ?? 1, space: o.space, by: o.by, file: o.file ?? "line.yaml", path: o.path });
  };
  addDevices(site, add);
  addBelts(site, add);
  addGates(site, add);
  for (const [index, chute] of entries(site.chutes.chutes)) {
    for (const key of ["eye", "fullInput"] as const) {
      const path = ["chutes", index, key, "input"];
      const by = `${key} of chute "${chute.id}"`;
      add({ space: "discrete input", by, file: "chutes.yaml", path }, chute[key]?.device, chute[key]?.input);
    }
  }
  return uses;
}

type Add = (
  o: { space: Space; by: string; file?: SiteFile; path: Path; size?: number },
  device: string | undefined,
  from: number | undefined,
) => void;

const TRACKER_BLOCKS = [
  ["register", "holding register", () => TRACKER_SPAN.telegram],
  ["status", "input register", () => TRACKER_SPAN.status],
  ["reports", "input register", (slots: number) => TRACKER_SPAN.reports(slots)],
] as const satisfies readonly ["register" | "status" | "reports", Space, (slots: number) => number][];

function addDevices(site: SiteDraft, add: Add): void {
  for (const [index, device] of entries(site.line.devices)) {
    const at: Path = ["devices", index];
    const { watchdog, packedInputs: packed, tracker } = device;
    for (const [key, space, span] of TRACKER_BLOCKS) {
      const block = {
        space,
        by: `the tracker's ${key}`,
        path: [...at, "tracker", key],
        size: span(tracker?.slots ?? 0),
      };
      add(block, device.id, tracker?.[key]);
    }
    const counterPath = [...at, "watchdog", "counterRegister"];
    add(
      { space: "input register", by: "the watchdog's counter", path: counterPath },
      device.id,
      watchdog?.counterRegister,
    );
    const echoPath = [...at, "watchdog", "echoRegister"];
    add({ space: "holding register", by: "the watchdog's echo", path: echoPath }, device.id, watchdog?.echoRegister);
    const size = packed?.words ?? 1;
    const packedPath = [...at, "packedInputs", "register"];
    add({ space: "input register", by: "packed inputs", path: packedPath, size }, device.id, packed?.register);
  }
}

function addBelts(site: SiteDraft, add: Add): void {
  for (const [index, belt] of entries(site.line.belts)) {
    const at: Path = ["belts", index];
    const { encoder, runPermit: run, infeedPermit: infeed } = belt;
    const size = (encoder?.bits ?? 16) / 16;
    const counted = { space: "input register", by: `encoder "${encoder?.id}"`, size } as const;
    add({ ...counted, path: [...at, "encoder", "register"] }, encoder?.device, encoder?.register);
    const runBy = `the run permit of "${belt.id}"`;
    add({ space: "coil", by: runBy, path: [...at, "runPermit", "coil"] }, run?.device, run?.coil);
    const feedbackPath = [...at, "runPermit", "feedback"];
    add(
      { space: "discrete input", by: `the feedback of "${belt.id}"`, path: feedbackPath },
      run?.device,
      run?.feedback,
    );
    for (const name of SIGNAL_NAMES) {
      const signal = belt.signals?.[name];
      const path = [...at, "signals", name, "input"];
      add({ space: "discrete input", by: `${name} of "${belt.id}"`, path }, signal?.device, signal?.input);
    }
    const infeedBy = `the infeed permit of "${belt.id}"`;
    add({ space: "coil", by: infeedBy, path: [...at, "infeedPermit", "coil"] }, infeed?.device, infeed?.coil);
    for (const [place, eye] of entries(belt.eyes)) {
      const path = [...at, "eyes", place, "input"];
      add({ space: "discrete input", by: `eye "${eye.id}"`, path }, eye.device, eye.input);
      const kept = { space: "input register", by: `the edges of eye "${eye.id}"`, size: LATCH_REGISTERS } as const;
      add({ ...kept, path: [...at, "eyes", place, "latch", "register"] }, eye.device, eye.latch?.register);
    }
  }
}

function addGates(site: SiteDraft, add: Add): void {
  for (const [index, belt] of entries(site.line.belts)) {
    for (const [place, { id, device, drive }] of entries(belt.gates)) {
      const at: Path = ["belts", index, "gates", place, "drive"];
      const by = `gate "${id}"`;
      if (drive?.kind === "mailbox") {
        const mailbox = {
          space: "holding register",
          by,
          path: [...at, "register"],
          size: MAILBOX_SPAN.command,
        } as const;
        add(mailbox, device, drive.register);
        const status = { space: "input register", by, path: [...at, "status"], size: MAILBOX_SPAN.status } as const;
        add(status, device, drive.status);
      } else if (drive?.kind === "coil") {
        add({ space: "coil", by, path: [...at, "coil"] }, device, drive.coil);
        add({ space: "discrete input", by: `home of ${by}`, path: [...at, "homeInput"] }, device, drive.homeInput);
        add({ space: "discrete input", by: `out of ${by}`, path: [...at, "outInput"] }, device, drive.outInput);
      }
    }
  }
}
