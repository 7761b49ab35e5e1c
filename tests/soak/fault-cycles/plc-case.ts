// A PLC driver under one fault after another: cut, frozen, slow, silent, torn, a reply lost, each with a command under way.
import { setTimeout as wait } from "node:timers/promises";
import type { PlcRig } from "../../contract/plc-rig.ts";
import { type DriverCase, type OpenCase, within } from "./case.ts";

/** Longer than any driver of the contract's rigs waits for a reply. */
const BEYOND_TIMEOUT_MS = 250;
const COUNTS = { until: 100, homeAt: 300, beyond: 400 } as const;

/** Each permit goes to the judging gate; its end does not matter, but it has one. */
const faults = {
  async cut(rig, command) {
    await rig.cut();
    await within(
      () => `the loss to be noticed: ${JSON.stringify(rig.plc.health())}`,
      rig.heard.until(() => !rig.heard.isConnected),
    );
    await command();
    await rig.restore();
  },
  async "lost reply"(rig, command) {
    await rig.loseNextReply();
    await command();
  },
  async frozen(rig, command) {
    rig.freeze();
    await command();
    await wait(BEYOND_TIMEOUT_MS);
    rig.thaw();
  },
  async slow(rig, command) {
    await rig.slow(BEYOND_TIMEOUT_MS);
    await command();
    await rig.slow(0);
  },
  async "in pieces"(rig, command) {
    await rig.split(3);
    await command();
    await rig.split(0);
  },
  async "silent from the command on"(rig, command) {
    await rig.silenceFromCommand();
    await command();
    await rig.unsilence();
  },
} as const satisfies Record<string, (rig: PlcRig, command: () => Promise<void>) => Promise<void>>;

const names = Object.keys(faults) as (keyof typeof faults)[];

export function plcCase(name: string, openRig: () => Promise<PlcRig>): DriverCase {
  return {
    name,
    faults: names,
    async open(): Promise<OpenCase> {
      const rig = await openRig();
      await within(
        () => `the device to be armed: ${JSON.stringify(rig.plc.health())}`,
        rig.heard.until(() => rig.heard.isArmed),
      );
      let permits = 0;
      const command = async (): Promise<void> => {
        permits += 1;
        const id = permits;
        rig.plc.permit(permitOf(rig, id));
        await within(
          () => `the outcome of command ${id}: ${JSON.stringify(rig.plc.health())}`,
          rig.heard.until(() => rig.heard.outcomes(id).length > 0),
        );
      };
      return {
        async cycle(nth) {
          await faults[names[nth % names.length] ?? "cut"](rig, command);
          await within(
            () => `the device to be armed again: ${JSON.stringify(rig.plc.health())}`,
            rig.heard.until(() => rig.heard.isArmed),
          );
          rig.setCount(rig.count() + COUNTS.beyond);
          await within(
            () => `the gate to be home: ${JSON.stringify(rig.plc.health())}`,
            rig.heard.until(() => rig.heard.position("judged") === "home"),
          );
          forget(rig);
        },
        isAtRest: () => rig.heard.isArmed,
        close: () => rig.close(),
      };
    },
  };
}

const permitOf = (rig: PlcRig, id: number) => ({
  ...{ id, gateId: "judged", chuteId: "chute1", maxOutMs: 60_000 },
  fromNs: rig.nowNs(),
  untilNs: rig.nowNs() + 1e9,
  window: { fromCount: rig.count(), untilCount: rig.count() + COUNTS.until, homeAtCount: rig.count() + COUNTS.homeAt },
});

/** What the rig has heard is kept by the rig, not by the driver. */
function forget({ heard, forget }: PlcRig): void {
  forget?.();
  const { commands, withdrawals, eyes, gates, devices, lastLooks, signals, belts, drives } = heard;
  for (const told of [commands, withdrawals, eyes, lastLooks, signals, belts, drives]) told.length = 0;
  // The newest say how things stand.
  for (const told of [gates, devices]) told.splice(0, Math.max(0, told.length - 4));
}
