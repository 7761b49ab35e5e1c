// No coil, input or register of a device has two meanings, and packed inputs exist.
import { latchRegisters, mailboxSpan, TRACKER_SPAN } from "../../../drivers/registry.ts";
import { SIGNAL_NAMES } from "../../line/layout.ts";
import { type Draft, entries, type SiteDraft } from "../draft.ts";
import type { DeviceConfig, GateConfig } from "../line-schema.ts";
import type { Path } from "../problem.ts";
import type { SiteFile } from "../site-files.ts";
import type { Rule } from "./rule.ts";

type Space = "coil" | "discrete input" | "holding register" | "input register";

export interface Use {
  device: string;
  space: Space;
  from: number;
  /** How many addresses it takes. */
  size: number;
  by: string;
  /** Uses of the same name may share their addresses. */
  sharedAs?: string | undefined;
  /** Slow enough that a server may report it when it likes; left out: it is polled. */
  isSlow?: boolean;
  /** Edges that an eye's device keeps; over OPC UA they have a table of their own. */
  isLatch?: boolean;
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
      if (earlier === undefined || (use.sharedAs !== undefined && use.sharedAs === earlier.sharedAs)) continue;
      report(use.file, use.path, {
        code: "CONFIG_ADDRESS_TWICE",
        what: `${use.space} ${address} of "${use.device}" already is ${earlier.by}`,
        right: `${use.size === 1 ? `a ${use.space}` : `${use.size} ${use.space}s`} of its own`,
      });
      break;
    }
  }
};

/** Every input stands in one of the device's areas. */
export const inputsAreMapped: Rule = (site, report) => {
  for (const use of usesOf(site)) {
    if (use.space !== "discrete input") continue;
    const device = site.line.devices?.find((each) => each?.id === use.device);
    const mapped = device === undefined ? null : mappedInputs(device);
    if (mapped === null || mapped.some(({ first, count }) => use.from >= first && use.from < first + count)) continue;
    const words = device === undefined ? undefined : packedIn(device)?.words;
    report(use.file, use.path, {
      code: "CONFIG_INPUT_NOT_PACKED",
      what:
        words === undefined
          ? `"${use.device}" has no input ${use.from} in its inputs`
          : `"${use.device}" packs ${words * 16} inputs, so that there is no input ${use.from}`,
      right:
        words === undefined
          ? `${mapped.length === 0 ? "an entry in its inputs" : "one of "}${mapped.map(({ first, count }) => `${first} to ${first + count - 1}`).join(", ")}`
          : `at most ${words * 16 - 1}, or more words in packedInputs`,
    });
  }
};

/** Areas of inputs as far as they can be read; null: any number may be there. */
function mappedInputs(device: Draft<DeviceConfig>): { first: number; count: number }[] | null {
  if (device.inputs !== undefined) {
    const areas = entries(device.inputs).map(([, { first, count }]) => ({ first, count }));
    const known = areas.filter((area) => area.first !== undefined && area.count !== undefined);
    return known.length < device.inputs.length ? null : (known as { first: number; count: number }[]);
  }
  const words = packedIn(device)?.words;
  return words === undefined ? null : [{ first: 0, count: words * 16 }];
}

/** Only over Modbus are inputs packed into registers. */
const packedIn = (device: Draft<DeviceConfig>) => ("packedInputs" in device ? device.packedInputs : undefined);

/** Only over Modbus is a PLC told destinations. */
const trackerIn = (device: Draft<DeviceConfig>) => ("tracker" in device ? device.tracker : undefined);

/** An input has one place, and the device says in one way only where its inputs are. */
export const inputAreasFit: Rule = (site, report) => {
  for (const [index, device] of entries(site.line.devices)) {
    const path: Path = ["devices", index, "inputs"];
    if (device.inputs !== undefined && packedIn(device) !== undefined)
      report("line.yaml", path, {
        code: "CONFIG_ADDRESS_TWICE",
        what: `"${device.id}" says twice where its inputs are: in packedInputs and in inputs`,
        right: "one of the two",
      });
    const taken: { first: number; end: number }[] = [];
    for (const [place, { first, count }] of entries(device.inputs)) {
      if (first === undefined || count === undefined) continue;
      if (taken.some((each) => first < each.end && each.first < first + count))
        report("line.yaml", [...path, place, "first"], {
          code: "CONFIG_ADDRESS_TWICE",
          what: `inputs ${first} to ${first + count - 1} of "${device.id}" stand in another area as well`,
          right: "numbers of their own",
        });
      taken.push({ first, end: first + count });
    }
  }
};

/** What the site uses of its devices, by number. */
export function usesOf(site: SiteDraft): Use[] {
  const uses: Use[] = [];
  const add: Add = ({ size, file, ...o }, device, from) => {
    if (device === undefined || from === undefined) return;
    uses.push({ device, from, size: size ?? 1, file: file ?? "line.yaml", ...o });
  };
  addDevices(site, add);
  addBelts(site, add);
  addGates(site, add);
  for (const [index, chute] of entries(site.chutes.chutes)) {
    for (const key of ["eye", "fullInput"] as const) {
      const path = ["chutes", index, key, "input"];
      const by = `${key} of chute "${chute.id}"`;
      const use = { space: "discrete input", by, file: "chutes.yaml", path, isSlow: key === "fullInput" } as const;
      add(use, chute[key]?.device, chute[key]?.input);
    }
  }
  return uses;
}

type Add = (
  o: Omit<Use, "device" | "from" | "size" | "file"> & Partial<Pick<Use, "size" | "file">>,
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
    const tracker = trackerIn(device);
    for (const [key, space, span] of TRACKER_BLOCKS) {
      const block = { space, by: `the tracker's ${key}`, path: [...at, "tracker", key] };
      add({ ...block, size: span(tracker?.slots ?? 0) }, device.id, tracker?.[key]);
    }
    const packed = packedIn(device);
    const watchdog = device.watchdog?.kind === "echo" ? device.watchdog : undefined;
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
    const counted = { space: tableOf(encoder?.from), by: `encoder "${encoder?.id}"`, size } as const;
    add({ ...counted, path: [...at, "encoder", "register"] }, encoder?.device, encoder?.register);
    const runBy = `the run permit of "${belt.id}"`;
    add({ space: "coil", by: runBy, path: [...at, "runPermit", "coil"] }, run?.device, run?.coil);
    const runRegister = { space: "holding register", by: runBy, path: [...at, "runPermit", "register"] } as const;
    add(runRegister, run?.device, run?.register?.address);
    const feedbackPath = [...at, "runPermit", "feedback"];
    add(
      { space: "discrete input", by: `the feedback of "${belt.id}"`, path: feedbackPath },
      run?.device,
      run?.feedback,
    );
    for (const name of SIGNAL_NAMES) {
      const signal = belt.signals?.[name];
      const path = [...at, "signals", name, "input"];
      const use = { space: "discrete input", by: `${name} of "${belt.id}"`, path, isSlow: true } as const;
      add(use, signal?.device, signal?.input);
    }
    const infeedBy = `the infeed permit of "${belt.id}"`;
    add({ space: "coil", by: infeedBy, path: [...at, "infeedPermit", "coil"] }, infeed?.device, infeed?.coil);
    const infeedAt: Path = [...at, "infeedPermit", "register"];
    add({ space: "holding register", by: infeedBy, path: infeedAt }, infeed?.device, infeed?.register?.address);
    for (const [place, eye] of entries(belt.eyes)) {
      const path = [...at, "eyes", place, "input"];
      add({ space: "discrete input", by: `eye "${eye.id}"`, path }, eye.device, eye.input);
      const { latch } = eye;
      const kept = {
        ...{ space: tableOf(latch?.from), by: `the edges of eye "${eye.id}"`, isLatch: true },
        size: latchRegisters({ depth: latch?.depth ?? 2 }, { bits: encoder?.bits ?? 32 }),
      };
      add({ ...kept, path: [...at, "eyes", place, "latch", "register"] }, eye.device, latch?.register);
    }
  }
}

const tableOf = (from: "inputRegisters" | "holdingRegisters" | undefined): Space =>
  from === "holdingRegisters" ? "holding register" : "input register";

function addGates(site: SiteDraft, add: Add): void {
  for (const [index, belt] of entries(site.line.belts)) {
    for (const [place, gate] of entries(belt.gates)) addGate(gate, ["belts", index, "gates", place, "drive"], add);
  }
  for (const [index, fault] of entries(site.line.faultInputs)) {
    const path: Path = ["faultInputs", index, "input"];
    // A fault bit may be a gate's as well: it then both hides the gate's position and has its alarm.
    const use = { space: "discrete input", by: `fault "${fault.id}"`, path, sharedAs: "fault", isSlow: true } as const;
    add(use, fault.device, fault.input);
  }
}

type Kind<K extends GateConfig["drive"]["kind"]> = Draft<Extract<GateConfig["drive"], { kind: K }>>;

function addGate({ id, device, drive }: Draft<GateConfig>, at: Path, add: Add): void {
  const by = `gate "${id}"`;
  if (drive === undefined) return;
  if (drive.kind === "mailbox") {
    const span = mailboxSpan({ bits: drive.bits ?? 32 });
    add({ space: "holding register", by, path: [...at, "register"], size: span.command }, device, drive.register);
    add({ space: tableOf(drive.statusFrom), by, path: [...at, "status"], size: span.status }, device, drive.status);
    return;
  }
  // Its registers are the tracker's.
  if (drive.kind === "destination") return;
  addOutputs(drive as Outputs, { by, at, device }, add);
}

type Outputs = Draft<Exclude<GateConfig["drive"], { kind: "mailbox" | "destination" }>>;

function addOutputs(drive: Outputs, o: { by: string; at: Path; device: string | undefined }, add: Add): void {
  const { by, at, device } = o;
  add({ space: "discrete input", by: `home of ${by}`, path: [...at, "homeInput"] }, device, drive.homeInput);
  add({ space: "discrete input", by: `out of ${by}`, path: [...at, "outInput"] }, device, drive.outInput);
  const faulty = { by: `fault of ${by}`, path: [...at, "faultInput"], sharedAs: "fault" };
  add({ space: "discrete input", ...faulty }, device, drive.faultInput);
  const feedback = drive.feedback;
  const size = feedback?.kind === "counter" ? (feedback.bits ?? 16) / 16 : 1;
  const seen = { by: `feedback of ${by}`, path: [...at, "feedback", "register"], size };
  add({ space: tableOf(feedback?.from), ...seen }, device, feedback?.register);
  if (drive.kind === "coil") add({ space: "coil", by, path: [...at, "coil"] }, device, drive.coil);
  if (drive.kind === "coils") {
    for (const [chute, coil] of Object.entries(drive.positions ?? {}))
      add({ space: "coil", by, path: [...at, "positions", chute] }, device, coil);
  }
  if (drive.kind === "register") {
    const width = (drive.bits ?? 16) / 16;
    add({ space: "holding register", by, path: [...at, "register"], size: width }, device, drive.register);
  }
  if (drive.kind === "command") addCommand(drive, { by, at, device }, add);
}

/** Gates that have their number register in common share the strobe too; which parcel is meant the code says. */
function addCommand(drive: Kind<"command">, o: { by: string; at: Path; device: string | undefined }, add: Add): void {
  const { by, at, device } = o;
  const sharedAs = `command ${drive.number}`;
  const size = (drive.bits ?? 16) / 16;
  add({ space: "holding register", by, path: [...at, "number"], size, sharedAs }, device, drive.number);
  add({ space: "holding register", by, path: [...at, "code"], sharedAs }, device, drive.code);
  const strobe = drive.strobe as { coil?: number; register?: number } | undefined;
  add({ space: "coil", by, path: [...at, "strobe", "coil"], sharedAs }, device, strobe?.coil);
  add({ space: "holding register", by, path: [...at, "strobe", "register"], sharedAs }, device, strobe?.register);
  const taken = { by: `number taken by ${by}`, path: [...at, "taken", "register"], size, sharedAs };
  add({ space: tableOf(drive.taken?.from), ...taken }, device, drive.taken?.register);
}
