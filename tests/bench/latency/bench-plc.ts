// A simulated PLC of the latency benchmark: its program and its cycles, served over a bus.
import { join } from "node:path";
import type { PlcArrival } from "../../../simulators/wired/plc/arrival.ts";
import { CycleClock } from "../../../simulators/wired/plc/cycle-clock.ts";
import { PlcProgram } from "../../../simulators/wired/plc/program.ts";
import { ModbusServer } from "../../../simulators/wired/plc/server.ts";
import type { PlcPlan, PlcTerminals } from "../../../simulators/wired/terminals.ts";
import { serveOverOpcUa } from "./opcua-plc.ts";
import { serveOnLine } from "./serial-plc.ts";
import type { BenchBus } from "./site.ts";

/** Of CLOCK_MONOTONIC, which all processes of a machine share. */
export const nowNs = (): number => Number(process.hrtime.bigint());

/** Where its device is found. */
export type BenchAddress = { port: number } | { line: string };

export class BenchPlc {
  readonly #plan: PlcPlan;
  readonly #program: PlcProgram;
  /** Nobody stops these PLCs, and what their machine takes from this process costs them no cycle. */
  readonly #cycles: CycleClock;
  /** When the request that is being served was complete, where that was before it is served. */
  #heardNs: number | null = null;

  /** @param o.onCommand called with the time at which the command was complete */
  constructor(o: {
    plan: PlcPlan;
    terminals: PlcTerminals;
    onCommand?: (command: { atNs: number; verdict: number }) => void;
  }) {
    this.#plan = o.plan;
    const onArrival = ({ atNs, verdict }: PlcArrival): void => o.onCommand?.({ atNs: this.#heardNs ?? atNs, verdict });
    this.#program = new PlcProgram({ plan: o.plan, terminals: o.terminals, onArrival });
    this.#cycles = new CycleClock({ scanMs: o.plan.scanMs, nowNs: nowNs(), stops: () => 0 });
  }

  get trips(): number {
    return this.#program.trips;
  }

  isArmed(): boolean {
    return this.#program.isArmed(nowNs());
  }

  tick(): void {
    if (this.#countCycles() > 0) this.#program.scan(nowNs(), 0);
  }

  /** @param folder for the link to its line, and for certificates */
  async serve(bus: BenchBus, folder: string): Promise<BenchAddress> {
    const { host, unit, deviceId } = this.#plan;
    switch (bus) {
      case "tcp": {
        const server = new ModbusServer({ host, port: 0, unit, serve: (request) => this.#serve(request) });
        return { port: await server.listen() };
      }
      case "opcua": {
        const program = (): PlcProgram => {
          this.#countCycles();
          return this.#program;
        };
        return { port: await serveOverOpcUa({ plan: this.#plan, program, certificates: join(folder, "pki"), nowNs }) };
      }
      case "rtu": {
        const line = join(folder, deviceId);
        // On a serial line a request has been complete for as long as its bytes take before it is served.
        const serve = (request: Parameters<PlcProgram["serve"]>[0], atNs: number) => {
          this.#heardNs = atNs;
          return this.#serve(request);
        };
        await serveOnLine({ linkPath: line, unit, serve });
        return { line };
      }
      default:
        return bus satisfies never;
    }
  }

  #serve(request: Parameters<PlcProgram["serve"]>[0]): ReturnType<PlcProgram["serve"]> {
    this.#countCycles();
    return this.#program.serve(request, nowNs());
  }

  /** All that are due up to now. */
  #countCycles(): number {
    const { cycles } = this.#cycles.due(nowNs());
    this.#program.skipScans(cycles);
    return cycles;
  }
}
