// Commands about belts, gates, parcels, alarms and codes.
import { acknowledge, shelve, termsOf, unshelve } from "./alarms.ts";
import { identify } from "./barcode.ts";
import { positionAt } from "./belt-position.ts";
import { CAPS } from "./caps.ts";
import { type CommandRequest, targetOf } from "./command.ts";
import type { CommandHandler, CommandRefusal } from "./command-handler.ts";
import { endItem } from "./ends.ts";
import type { Identity } from "./entry.ts";
import { errorUm, frontUm, tailUm } from "./item-position.ts";
import type { BeltLayout } from "./layout.ts";
import { endHalt, haltBelt } from "./line-permits.ts";
import { dropPermit } from "./permits.ts";
import { stands } from "./still-belt.ts";
import { activeSite, beltState, gateState, itemById, must, siteOf, type Turn } from "./turn.ts";
import { markUnknown } from "./unknown-stretch.ts";

export const lineCommand: CommandHandler = {
  judge(turn, { what, roles }) {
    switch (what.command) {
      case "stopLine":
        return what.beltId === null || turn.state.belts.has(what.beltId) ? null : unknown(what.beltId);
      case "resumeReady":
        if (what.beltId !== null && !turn.state.belts.has(what.beltId)) return unknown(what.beltId);
        return halted(turn, what.beltId).length > 0 ? null : { code: "COMMAND_NOT_STOPPED", detail: what.beltId ?? "" };
      case "acknowledgeAlarm":
        return judgeAlarm(turn, what.key, roles);
      case "shelveAlarm":
        return judgeShelving(turn, what);
      case "unshelveAlarm":
        return turn.state.shelved.has(what.key) ? null : { code: "COMMAND_NOT_SHELVED", detail: what.key };
      case "clearItem":
        return judgeItem(turn, what.itemId);
      case "gateTested":
        return judgeGate(turn, what.gateId);
      case "holdCode":
        return judgeHold(turn, what);
      case "liftCode":
        return null;
      default:
        // A chute's, or of commissioning; see chute-commands.ts and commissioning-commands.ts.
        return unknown(targetOf(what));
    }
  },
  carryOut(turn, { what, who }) {
    switch (what.command) {
      case "stopLine":
        for (const beltId of what.beltId === null ? turn.state.belts.keys() : [what.beltId]) haltBelt(turn, beltId);
        return;
      case "resumeReady":
        for (const beltId of halted(turn, what.beltId)) endHalt(turn, beltId);
        return;
      case "acknowledgeAlarm":
        return acknowledge(turn, { key: what.key, by: who });
      case "shelveAlarm":
        return shelve(turn, { key: what.key, minutes: what.minutes, by: who });
      case "unshelveAlarm":
        return unshelve(turn, what.key);
      case "clearItem":
        return removeItem(turn, what.itemId);
      case "gateTested":
        turn.out.push({ kind: "tested", gateId: what.gateId });
        return;
      default:
        // holdCode, liftCode: the gateway writes the hold where every hold is written, and the look-up sees it.
        return;
    }
  },
};

const unknown = (detail: string): CommandRefusal => ({ code: "COMMAND_TARGET_UNKNOWN", detail });

const halted = (turn: Turn, beltId: string | null): string[] =>
  turn.state.haltedBelts.filter((id) => beltId === null || id === beltId);

/** A hold on what no parcel of this line can be called would be taken for one, and hold nobody. */
function judgeHold(turn: Turn, { company, waybill }: { company: string; waybill: string }): CommandRefusal {
  const readAsCode = (text: string): Identity =>
    identify([{ text, symbology: null }], activeSite(turn).patterns).identity;
  const identity = readAsCode(waybill);
  // The number of an SSCC is a waybill, though it may be read with its application identifier only.
  const asSscc = readAsCode(`00${waybill}`);
  const isCalledSo = (who: Identity): boolean =>
    who.kind === "code" && who.waybill === waybill && who.companies.includes(company);
  if (isCalledSo(identity) || isCalledSo(asSscc)) return null;
  const readAs = identity.kind === "code" ? `${identity.companies.join(" or ")} ${identity.waybill}` : "no waybill";
  return { code: "COMMAND_CODE_UNREAD", detail: `${company} ${waybill} is read here as ${readAs}` };
}

function judgeAlarm(turn: Turn, key: string, roles: CommandRequest["roles"]): CommandRefusal {
  const alarm = turn.state.alarms.get(key);
  if (alarm === undefined || alarm.cycle.phase === "pending") return { code: "COMMAND_ALARM_UNKNOWN", detail: key };
  const isForOfficers = termsOf(alarm.code).acknowledgedBy === "officer";
  return isForOfficers && !roles.includes("officer") ? { code: "COMMAND_ROLE", detail: roles.join(", ") } : null;
}

function judgeShelving(turn: Turn, { key, minutes }: { key: string; minutes: number }): CommandRefusal {
  const alarm = turn.state.alarms.get(key);
  if (alarm === undefined || alarm.cycle.phase === "pending") return { code: "COMMAND_ALARM_UNKNOWN", detail: key };
  const { maxShelveMinutes } = termsOf(alarm.code);
  if (maxShelveMinutes === 0) return { code: "COMMAND_ALARM_OF_LAW", detail: key };
  if (minutes > maxShelveMinutes) return { code: "COMMAND_SHELVED_TOO_LONG", detail: `${maxShelveMinutes} min` };
  const { shelved } = turn.state;
  return shelved.size >= CAPS.shelved && !shelved.has(key)
    ? { code: "COMMAND_SHELF_FULL", detail: `${CAPS.shelved}` }
    : null;
}

function judgeItem(turn: Turn, itemId: number): CommandRefusal {
  const item = turn.state.items.get(itemId);
  if (item === undefined) return unknown(`item ${itemId}`);
  const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
  if (permit?.state === "fired" || permit?.state === "done")
    return { code: "COMMAND_ITEM_SENT", detail: `item ${itemId} to ${permit.chuteId}` };
  const belt = must(activeSite(turn).belts.get(item.beltId), "belt", item.beltId);
  return stands(belt, beltState(turn, belt.id)) ? null : { code: "COMMAND_BELT_MOVES", detail: item.beltId };
}

/** Where it lay may hold anything from now on: if it lies there still, no gate moves for a neighbour in its way. */
function removeItem(turn: Turn, itemId: number): void {
  const item = itemById(turn, itemId);
  const belt = siteOf(turn, item.layoutHash).belts.get(item.beltId) as BeltLayout;
  const state = beltState(turn, item.beltId);
  const positionUm = positionAt(state, belt, turn.nowNs);
  const aroundUm = errorUm(item, belt, positionUm);
  const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
  if (permit !== undefined) dropPermit(turn, permit, "withheld");
  markUnknown(state, {
    positionUm,
    fromPlaceUm: tailUm(item, belt, positionUm) - aroundUm,
    toPlaceUm: frontUm(item, positionUm) + aroundUm,
    why: "REMOVED_BY_HAND",
  });
  endItem(turn, item, { end: "removed", chuteId: null, reason: "REMOVED_BY_HAND" });
}

function judgeGate(turn: Turn, gateId: string): CommandRefusal {
  const found = activeSite(turn).gates.get(gateId);
  if (found === undefined) return unknown(gateId);
  const { inDoubt, withdrawing } = gateState(turn, gateId);
  if (!inDoubt && withdrawing === null) return { code: "COMMAND_GATE_NOT_IN_DOUBT", detail: gateId };
  return stands(found.belt, beltState(turn, found.belt.id))
    ? null
    : { code: "COMMAND_BELT_MOVES", detail: found.belt.id };
}
