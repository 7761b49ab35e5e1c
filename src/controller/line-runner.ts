// Feeds the line core and executes what it says, in order; the only place that calls it.
import type { CommandAnswer } from "../line/command.ts";
import type { LineEntry } from "../line/entry.ts";
import type { LineCore, LineInput, LineOutput, PermitOutput } from "../line/step.ts";

/** What the outputs of the core are executed on. None of these calls may feed the runner before it returns. */
export interface LineActuators {
  journal(entry: LineEntry): void;
  /** May ask for the last look before it returns. */
  permit(permit: PermitOutput): void;
  cancel(id: number): void;
  withdraw(withdrawal: { id: number; gateId: string; voidUpTo: number; trackingId?: number }): void;
  runPermit(beltId: string, allowed: boolean): void;
  infeedPermit(beltId: string, allowed: boolean): void;
  tested(gateId: string): void;
  /** To whoever commanded. */
  answer(tag: number, answer: CommandAnswer): void;
  alarm(alarm: Extract<LineOutput, { kind: "alarm" }>): void;
  wakeAt(atNs: number): void;
}

export interface LineRunner {
  feed(input: LineInput): void;
  /** The core's answer in this very turn: true, and the caller writes the command before anything else. */
  lastLook(id: number): boolean;
  /** The process ends: what devices, disk and people still say is heard by nobody, and nothing is permitted any more. */
  close(): void;
}

export function lineRunner(o: { core: LineCore; nowNs: () => number; actuators: LineActuators }): LineRunner {
  const { core, nowNs, actuators } = o;
  const waiting: LineInput[] = [];
  let isClosed = false;
  let busy = false;

  function execute(outputs: readonly LineOutput[]): boolean {
    let go = false;
    let permits: PermitOutput[] | null = null;
    for (const output of outputs) {
      switch (output.kind) {
        case "journal":
          actuators.journal(output.entry);
          break;
        case "permit":
          // Handed over last: the bus may be free and ask for the last look at once.
          permits ??= [];
          permits.push(output);
          break;
        case "go":
          go = true;
          break;
        case "withhold":
          break;
        case "cancel":
          actuators.cancel(output.id);
          break;
        case "withdraw":
          actuators.withdraw(output);
          break;
        case "runPermit":
          actuators.runPermit(output.beltId, output.allowed);
          break;
        case "infeedPermit":
          actuators.infeedPermit(output.beltId, output.allowed);
          break;
        case "tested":
          actuators.tested(output.gateId);
          break;
        case "answer":
          actuators.answer(output.tag, output.answer);
          break;
        case "alarm":
          actuators.alarm(output);
          break;
        case "wakeAt":
          actuators.wakeAt(output.atNs);
          break;
        default:
          output satisfies never;
      }
    }
    if (permits !== null) for (const permit of permits) actuators.permit(permit);
    return go;
  }

  return {
    close() {
      isClosed = true;
    },
    feed(input) {
      if (isClosed) return;
      if (busy) {
        waiting.push(input);
        return;
      }
      busy = true;
      try {
        execute(core.handle(input, nowNs()));
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
          execute(core.handle(next, nowNs()));
      } finally {
        busy = false;
      }
    },
    lastLook: (id) => !isClosed && execute(core.handle({ kind: "lastLook", id }, nowNs())),
  };
}
