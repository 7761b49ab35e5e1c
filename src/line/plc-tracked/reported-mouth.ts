// What a reported end says of a chute's mouth: something came through, or it swallows what is sent there.
import { raise } from "../alarms.ts";
import { endJam, noteUnseen } from "../chute-sensors.ts";
import type { ChuteLayout } from "../layout.ts";
import type { Item } from "../state.ts";
import { activeSite, type Turn } from "../turn.ts";
import { toldOf } from "./destination.ts";
import type { ReportedEnd } from "./report.ts";

/** The PLC's eye there has seen it, or has not though the PLC had sent a parcel there: two in a row are a jam. */
export function noteMouth(
  turn: Turn,
  { chute, item, how }: { chute: ChuteLayout | undefined; item: Item | undefined; how: ReportedEnd },
): void {
  if (how === "seen") {
    if (chute !== undefined) endJam(turn, chute);
    return;
  }
  const told = item === undefined ? undefined : toldOf(turn, item);
  const isTaken = told?.state === "done" && told.destination?.recall == null;
  const sentTo = chute ?? (isTaken ? activeSite(turn).chutes.get(told.chuteId) : undefined);
  if (sentTo === undefined || sentTo.eyeId === null || sentTo.gateId === null) return;
  raise(turn, {
    code: "CHUTE_EYE_SILENT",
    source: sentTo.id,
    detail: item === undefined ? "a parcel" : `item ${item.id}`,
  });
  noteUnseen(turn, sentTo);
}
