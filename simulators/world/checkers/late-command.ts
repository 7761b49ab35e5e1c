// Law 6: late is never; no gate comes out into a parcel that is there already.
import {
  type Command,
  commandBehind,
  commandsAt,
  type Evidence,
  type Finding,
  type InChute,
  inChutes,
  isNamed,
  type PermitFact,
  permitOf,
} from "./evidence.ts";

/**
 * A plain coil judges nothing: how late the bus can bring a command there, `coline check` bounds. And where nobody knows when
 * it was written, on real wires, a busy machine may hold a simulated PLC up between its verdict and its output.
 */
const BUS_NS = 10_000_000;

export function lateCommand(evidence: Evidence): Finding[] {
  return inChutes(evidence.truth).flatMap((parcel) => {
    const { gateId, chuteId, caughtUm = 0 } = parcel.end;
    if (gateId === null || caughtUm === 0) return [];
    const command = commandBehind(evidence, parcel);
    if (command === null || isTheBusLate(command) || cameForTheNextOne(evidence, parcel, command)) return [];
    const detail = `gate ${gateId} came out for ${chuteId} when its front was ${caughtUm} µm past it`;
    return [{ rule: "late-command", clause: 6, parcelId: parcel.id, detail }];
  });
}

const isTheBusLate = ({ sequence, atNs, sentNs }: Command): boolean =>
  sentNs === undefined || (sequence === null && atNs - sentNs > BUS_NS);

/**
 * It had its own command in time, was held up at the gate while that went home, and the gate came out again for one behind
 * it: into the same chute, or this parcel is in a wrong one, which another checker says. Until that chute's eye should have
 * seen it nothing tells the line.
 */
function cameForTheNextOne(evidence: Evidence, parcel: InChute, own: Command): boolean {
  const { gateId, chuteId, caughtNs = own.atNs } = parcel.end;
  const permit = permitOf(evidence, own);
  if (permit?.chuteId !== chuteId || !isNamed(evidence, permit.itemId, parcel)) return false;
  return commandsAt(evidence, gateId).some((other) => {
    const next = permitOf(evidence, other);
    const isNext = next !== null && next.n !== permit.n && own.atNs < other.atNs && other.atNs <= caughtNs;
    return isNext && !wasOverdue(permit, next);
  });
}

/** By the time of the next one's last look the line had given the parcel up: its chute's eye should have seen it. */
const wasOverdue = ({ missedNs }: PermitFact, { letGoNs }: PermitFact): boolean =>
  missedNs !== undefined && letGoNs !== undefined && missedNs < letGoNs;
