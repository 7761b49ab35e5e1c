// A gate's command that is neither done nor undone: what it costs until its device was armed anew (law 6).
import { raise } from "./alarms.ts";
import { stop } from "./line-permits.ts";
import { activeSite, gateState, type Turn, touchGate } from "./turn.ts";
import { withdraw } from "./withdrawals.ts";

/** No permit at this gate until the doubt is settled; what may still move is voided, and where it cannot be the line stops. */
export function doubtGate(turn: Turn, { gateId, id }: { gateId: string; id: number }): void {
  gateState(turn, gateId).inDoubt = true;
  touchGate(turn, gateId);
  raise(turn, { code: "GATE_IN_DOUBT", source: gateId, detail: `command ${id}` });
  withdraw(turn, gateId, "GATE_IN_DOUBT");
  const found = activeSite(turn).gates.get(gateId);
  if (found !== undefined && found.gate.lateCommand !== "excluded")
    stop(turn, found.belt.id, `GATE_IN_DOUBT:${gateId}`);
}
