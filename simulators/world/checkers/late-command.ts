// Law 6: late is never; no gate comes out into a parcel that is there already.
import { type Command, commandBehind, type Evidence, type Finding, inChutes } from "./evidence.ts";

/**
 * A plain coil judges nothing: how late the bus can bring a command there, `coline check` bounds. And where nobody knows when
 * it was written, on real wires, a busy machine may hold a simulated PLC up between its verdict and its output.
 */
const BUS_NS = 10_000_000;

export function lateCommand(evidence: Evidence): Finding[] {
  return inChutes(evidence.truth).flatMap((parcel) => {
    const { gateId, chuteId, caughtUm = 0 } = parcel.end;
    const command = commandBehind(evidence, parcel);
    if (gateId === null || caughtUm === 0 || command === null || isTheBusLate(command)) return [];
    const detail = `gate ${gateId} came out for ${chuteId} when its front was ${caughtUm} µm past it`;
    return [{ rule: "late-command", clause: 6, parcelId: parcel.id, detail }];
  });
}

const isTheBusLate = ({ sequence, atNs, sentNs }: Command): boolean =>
  sentNs === undefined || (sequence === null && atNs - sentNs > BUS_NS);
