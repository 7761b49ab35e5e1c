// Hands what a PLC's machine has to say to whoever listens, call by call.
import type { PlcEvent } from "./job.ts";
import type { PlcEvents } from "./port.ts";

export function tell(events: PlcEvents, event: PlcEvent): void {
  switch (event.kind) {
    case "command":
      return events.command(event.id, event.outcome);
    case "withdrawal":
      return events.withdrawal(event.id, event.outcome);
    case "report":
      return events.report(event.beltId, event.report);
    case "belt":
      return events.belt(event.encoderId, event.stamp, event.errorNs);
    case "unsampled":
      return events.unsampled(event.deviceId, event.fromNs, event.toNs);
    case "stood":
      return events.stood(event.deviceId, event.forNs);
    case "drive":
      return events.drive(event.beltId, event.running, event.atNs);
    case "eye":
      return events.eye(event.eyeId, event.edge, event.after, event.upTo);
    case "gate":
      return events.gate(event.gateId, event.position);
    case "signal":
      return events.signal(event.inputId, event.value);
    case "device":
      return events.device(event.deviceId, event.connected, event.armed);
    default:
      event satisfies never;
  }
}
