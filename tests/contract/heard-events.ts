// Everything that a PLC driver said to its caller, and a way to wait for it.
import type { PlcEvents } from "../../drivers/buses/port.ts";
import type { BeltStamp, CommandOutcome, GatePosition, PlcReport, WithdrawalOutcome } from "../../src/line/step.ts";

export class HeardEvents implements PlcEvents {
  readonly commands: { id: number; outcome: CommandOutcome }[] = [];
  readonly withdrawals: { id: number; outcome: WithdrawalOutcome }[] = [];
  readonly reports: PlcReport[] = [];
  readonly eyes: { eyeId: string; edge: "dark" | "light"; after: BeltStamp; upTo: BeltStamp }[] = [];
  readonly gates: { gateId: string; position: GatePosition }[] = [];
  readonly devices: { connected: boolean; armed: boolean }[] = [];
  readonly lastLooks: number[] = [];
  readonly signals: { inputId: string; value: boolean }[] = [];
  readonly belts: BeltStamp[] = [];
  readonly drives: { beltId: string; running: boolean; atNs: number }[] = [];
  mayGo = true;
  /** What happens in the very turn of a last look, before the write. */
  atLastLook: () => void = () => {};
  #waiting: { isTrue: () => boolean; resolve: () => void }[] = [];

  lastLook(id: number): boolean {
    this.lastLooks.push(id);
    this.atLastLook();
    return this.mayGo;
  }
  command(id: number, outcome: CommandOutcome): void {
    this.commands.push({ id, outcome });
    this.#told();
  }
  withdrawal(id: number, outcome: WithdrawalOutcome): void {
    this.withdrawals.push({ id, outcome });
    this.#told();
  }
  report(_: string, report: PlcReport): void {
    this.reports.push(report);
    this.#told();
  }
  belt(_: string, stamp: BeltStamp): void {
    this.belts.push(stamp);
    this.#told();
  }
  unsampled(): void {
    this.#told();
  }
  stood(): void {
    this.#told();
  }
  drive(beltId: string, running: boolean, atNs: number): void {
    this.drives.push({ beltId, running, atNs });
    this.#told();
  }
  eye(eyeId: string, edge: "dark" | "light", after: BeltStamp, upTo: BeltStamp): void {
    this.eyes.push({ eyeId, edge, after, upTo });
    this.#told();
  }
  gate(gateId: string, position: GatePosition): void {
    this.gates.push({ gateId, position });
    this.#told();
  }
  signal(inputId: string, value: boolean): void {
    this.signals.push({ inputId, value });
    this.#told();
  }
  device(_: string, connected: boolean, armed: boolean): void {
    this.devices.push({ connected, armed });
    this.#told();
  }

  get isArmed(): boolean {
    return this.devices.at(-1)?.armed ?? false;
  }
  get isConnected(): boolean {
    return this.devices.at(-1)?.connected ?? false;
  }
  position(gateId: string): GatePosition | undefined {
    return this.gates.findLast((gate) => gate.gateId === gateId)?.position;
  }
  samplesOf(count: number): number {
    return this.belts.filter((stamp) => stamp.count === count).length;
  }
  outcomes(id: number): CommandOutcome[] {
    return this.commands.filter((command) => command.id === id).map((command) => command.outcome);
  }

  /** Settles in the event after which the condition holds. */
  until(isTrue: () => boolean): Promise<void> {
    if (isTrue()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ isTrue, resolve });
    });
  }

  #told(): void {
    const due = this.#waiting.filter((waiting) => waiting.isTrue());
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter((waiting) => !due.includes(waiting));
    for (const waiting of due) waiting.resolve();
  }
}
