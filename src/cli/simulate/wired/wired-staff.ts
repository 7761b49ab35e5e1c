// The people at a wired line: they look at the live state, and command the line as an operator's terminal would.
import { type Staff, staffAtWork } from "../../../../simulators/scenarios/staff.ts";
import type { Rig } from "../../../../simulators/wired/rig.ts";
import type { LineLayout } from "../../../line/layout.ts";
import type { AlarmView } from "../../../line/step.ts";
import type { LiveClient } from "../../../process/live-client.ts";

const LOOK_MS = 100;
const DEADLINE_MS = 10_000;

/** @returns what sends them home */
export function wiredStaff(o: {
  staff: Staff;
  live: LiveClient;
  rig: Pick<Rig, "changeContainer" | "clearSafeEnd">;
  layout: Pick<LineLayout, "belts">;
  trouble: (error: Error) => void;
}): () => void {
  const timers = new Set<NodeJS.Timeout>();
  const gates = o.layout.belts.flatMap((belt) => belt.gates);
  let commands = 0;
  const staff = staffAtWork({
    ...o.staff,
    after(delayNs, action) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        action();
      }, delayNs / 1e6);
      timers.add(timer);
    },
    give(what) {
      commands += 1;
      // Not sent, or not heard: they ask again.
      o.live.send({
        kind: "command",
        tag: commands,
        request: {
          id: `staff-${process.pid}-${commands}`,
          what,
          who: "staff",
          roles: ["officer", "operator"],
          eventAtMs: Date.now(),
          untilMonotonicNs: String(process.hrtime.bigint() + BigInt(DEADLINE_MS * 1e6)),
        },
      });
    },
    changeContainer: (chuteId) => void o.rig.changeContainer(chuteId).catch(o.trouble),
    clearSafeEnd(beltId) {
      const end = o.layout.belts.find(({ id }) => id === beltId)?.eyes.find(({ role }) => role === "end");
      if (end !== undefined) o.rig.clearSafeEnd(beltId, end.atUm).catch(o.trouble);
    },
    canTest(gateId) {
      const deviceId = gates.find(({ id }) => id === gateId)?.deviceId;
      const device = o.live.newest()?.state.devices.find((one) => one["deviceId"] === deviceId);
      return device?.["connected"] === true;
    },
  });
  const look = setInterval(() => {
    const line = o.live.newest()?.state.line;
    for (const { id, locked, full, jammed } of line?.chutes ?? []) staff.chute({ chuteId: id, locked, full, jammed });
    for (const { id, stops } of line?.belts ?? [])
      staff.belt({ beltId: id, isBlocked: stops.some((why) => why.startsWith("SAFE_END_BLOCKED")) });
    for (const { id: gateId } of line === undefined ? [] : gates)
      staff.gate({ gateId, isInDoubt: line?.alarms.some((alarm) => isDoubtAbout(alarm, gateId)) ?? false });
  }, LOOK_MS);
  return () => {
    clearInterval(look);
    for (const timer of timers) clearTimeout(timer);
  };
}

const isDoubtAbout = ({ code, source, phase }: AlarmView, gateId: string): boolean =>
  code === "GATE_IN_DOUBT" && source === gateId && phase !== "returned";
