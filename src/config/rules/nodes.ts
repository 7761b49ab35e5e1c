// What a site uses of an OPC UA device stands for a node there, of a fitting type, and is polled where it has to be.
import { mailboxSpan, widthOf } from "../../../drivers/registry.ts";
import { type Draft, entries, type SiteDraft } from "../draft.ts";
import type { DeviceConfig } from "../line-schema.ts";
import { type Use, usesOf } from "./addresses.ts";
import type { Report, Rule } from "./rule.ts";

type UaDevice = Draft<Extract<DeviceConfig, { driver: "opcua" }>>;

export const nodesFit: Rule = (site, report) => {
  const devices = new Map<string, UaDevice>();
  for (const [index, device] of entries(site.line.devices)) {
    if (device.driver !== "opcua" || device.id === undefined) continue;
    devices.set(device.id, device);
    sayTwice(device, index, report);
  }
  if (devices.size === 0) return;
  for (const use of usesOf(site)) {
    const device = devices.get(use.device);
    if (device !== undefined) sayUse(use, device, report);
  }
  sayMailboxes(site, devices, report);
};

function sayUse(use: Use, device: UaDevice, report: Report): void {
  const say = (code: string, what: string, right: string): void => report(use.file, use.path, { code, what, right });
  if (use.space === "discrete input") {
    const row = device.inputs?.find((each) => isIn(use.from, each));
    if (row?.readBy !== "subscription" || use.isSlow === true) return;
    return say(
      "CONFIG_REPORTED_TOO_LATE",
      `${use.by} is reported by subscription: nobody knows how late`,
      `readBy: poll for input ${use.from} of "${use.device}"`,
    );
  }
  if (use.space === "coil") {
    if (device.outputs?.some((each) => each?.coil === use.from) === true) return;
    return say(
      "CONFIG_NODE_MISSING",
      `${use.by}: output ${use.from} of "${use.device}" stands for no node`,
      `an entry of outputs with coil: ${use.from}`,
    );
  }
  if (use.isLatch === true) {
    if (device.latches?.some((each) => each?.register === use.from) === true) return;
    return say(
      "CONFIG_NODE_MISSING",
      `${use.by}: latch ${use.from} of "${use.device}" stands for no node`,
      `an entry of latches with register: ${use.from}`,
    );
  }
  // A mailbox has a table of its own.
  if (use.size === mailboxSpan({ bits: 32 }).command || use.size === mailboxSpan({ bits: 32 }).status) return;
  const row = device.numbers?.find((each) => each?.register === use.from);
  if (row === undefined)
    return say(
      "CONFIG_NODE_MISSING",
      `${use.by}: number ${use.from} of "${use.device}" stands for no node`,
      `an entry of numbers with register: ${use.from}`,
    );
  if (row.type === undefined || widthOf(row.type) === use.size) return;
  say(
    "CONFIG_NODE_UNFIT",
    `${use.by} takes ${use.size * 16} bits, and number ${use.from} of "${use.device}" is ${row.type}`,
    use.size === 2 ? "UInt32" : "UInt16",
  );
}

const isIn = (number: number, row: Draft<{ first: number; count: number }> | undefined): boolean =>
  row?.first !== undefined && number >= row.first && number < row.first + (row.count ?? 1);

/** One number, one node. */
function sayTwice(device: UaDevice, index: number, report: Report): void {
  const tables = [
    ["numbers", "register", entries(device.numbers).map(([place, { register }]) => ({ place, number: register }))],
    ["outputs", "coil", entries(device.outputs).map(([place, { coil }]) => ({ place, number: coil }))],
    ["latches", "register", entries(device.latches).map(([place, { register }]) => ({ place, number: register }))],
    ["mailboxes", "register", entries(device.mailboxes).map(([place, { register }]) => ({ place, number: register }))],
  ] as const;
  for (const [table, key, rows] of tables) {
    const seen = new Set<number>();
    for (const { place, number } of rows) {
      if (number === undefined) continue;
      if (seen.has(number))
        report("line.yaml", ["devices", index, table, place, key], {
          code: "CONFIG_ADDRESS_TWICE",
          what: `${key} ${number} of "${device.id}" stands for two nodes`,
          right: "a number of its own for each node",
        });
      seen.add(number);
    }
  }
}

function sayMailboxes(site: SiteDraft, devices: ReadonlyMap<string, UaDevice>, report: Report): void {
  for (const [index, belt] of entries(site.line.belts)) {
    for (const [place, { id, device: deviceId, drive }] of entries(belt.gates)) {
      const device = deviceId === undefined ? undefined : devices.get(deviceId);
      if (device === undefined || drive?.kind !== "mailbox") continue;
      const path = ["belts", index, "gates", place, "drive"];
      const row = device.mailboxes?.find((each) => each?.register === drive.register && drive.register !== undefined);
      if (row === undefined || row.status !== drive.status)
        report("line.yaml", [...path, row === undefined ? "register" : "status"], {
          code: "CONFIG_NODE_MISSING",
          what: `gate "${id}": no mailbox of "${deviceId}" has register ${drive.register} and status ${drive.status}`,
          right: "the register and the status of an entry of its mailboxes",
        });
      if (drive.bits === 16)
        report("line.yaml", [...path, "bits"], {
          code: "CONFIG_NODE_UNFIT",
          what: `gate "${id}": a mailbox over OPC UA has sequences of 32 bits`,
          right: "32",
        });
    }
  }
}
