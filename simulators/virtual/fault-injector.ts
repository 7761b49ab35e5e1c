// Injects planned faults into a virtual line, ends them, and counts those that were really injected.
import type { PlannedFault } from "../scenarios/planned-fault.ts";
import type { World } from "../world/world.ts";
import type { VirtualClock } from "./clock.ts";
import type { PlcBench } from "./plc-bench.ts";
import type { VirtualCustoms } from "./virtual-customs.ts";

export interface FaultTargets {
  clock: VirtualClock;
  world: World;
  bench: PlcBench;
  customs: VirtualCustoms;
  restart(how: "kill" | "powerLoss"): void;
  /** null: as fast as it is. */
  syncNs(slowNs: number | null): void;
  /** The controller's loop stands still for so long. */
  stall(forNs: number): void;
  fillDisk(isFull: boolean): void;
  scanner(scannerId: string, state: "up" | "silent"): void;
  /** A dead scanner is noticed after so long, ns. */
  silenceNs(scannerId: string): number;
  /** World and PLCs are brought up to now before they are touched, and looked at again afterwards. */
  catchUp(): void;
  tickInTime(): void;
}

export class FaultInjector {
  readonly #to: FaultTargets;
  readonly #injected = new Map<string, number>();

  constructor(to: FaultTargets, faults: readonly PlannedFault[]) {
    this.#to = to;
    for (const fault of faults) to.clock.at(fault.atNs, () => this.#inject(fault));
  }

  /** How often each kind was injected; of what waits for a parcel, how often it found one. */
  get injected(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#injected, ...this.#to.world.befallen]);
  }

  #count(kind: string): void {
    this.#injected.set(kind, (this.#injected.get(kind) ?? 0) + 1);
  }

  #inject(fault: PlannedFault): void {
    const { clock, world, bench, customs } = this.#to;
    const later = (forNs: number, action: () => void): void => {
      this.#count(fault.kind);
      clock.after(forNs, action);
    };
    switch (fault.kind) {
      case "kill":
      case "powerLoss":
        this.#count(fault.kind);
        return this.#to.restart(fault.kind);
      case "freeze":
        if (fault.onCommand !== true) return this.#freeze(fault);
        return bench.links.get(fault.deviceId)?.beforeCommand(() => this.#freeze(fault));
      case "halt":
        return this.#touch(() => {
          const goOn = bench.halt(fault.deviceId);
          later(fault.forNs, () => this.#touch(goOn));
        });
      case "reboot":
        this.#touch(() => bench.powerOff(fault.deviceId));
        return later(fault.forNs, () => this.#touch(() => bench.powerOn(fault.deviceId)));
      case "cut": {
        const link = bench.links.get(fault.deviceId);
        link?.cut();
        return later(fault.forNs, () => link?.mend());
      }
      case "slowPlc": {
        const link = bench.links.get(fault.deviceId);
        link?.slow(fault.extraNs);
        return later(fault.forNs, () => link?.slow(0));
      }
      case "muteTracker":
      case "deafTracker": {
        const what = fault.kind === "muteTracker" ? "isMute" : "isDeaf";
        if (bench.tracker(fault.deviceId) === null) return;
        this.#touch(() => bench.troubleTracker(fault.deviceId, { [what]: true }));
        return later(fault.forNs, () => this.#touch(() => bench.troubleTracker(fault.deviceId, { [what]: false })));
      }
      case "forgetfulTracker":
        if (bench.tracker(fault.deviceId) === null) return;
        this.#count(fault.kind);
        return this.#touch(() => bench.forget(fault.deviceId));
      case "stall":
        this.#count(fault.kind);
        return this.#to.stall(fault.forNs);
      case "slowDisk":
        this.#to.syncNs(fault.syncNs);
        return later(fault.forNs, () => this.#to.syncNs(null));
      case "fullDisk":
        this.#to.fillDisk(true);
        return later(fault.forNs, () => this.#to.fillDisk(false));
      case "silentFeed":
        customs.silence(true);
        return later(fault.forNs, () => customs.silence(false));
      case "lostHints":
        customs.gateway.loseHints(true);
        return later(fault.forNs, () => customs.gateway.loseHints(false));
      case "gatewayDies":
        return customs.gateway.dieOnWord(fault.forNs, () => this.#count(fault.kind));
      case "releaseStorm":
        customs.storm(fault.perS);
        return later(fault.forNs, () => customs.storm(0));
      case "jam":
        this.#trouble(fault.beltId, (belt) => belt.jam(fault.atUm));
        return later(fault.forNs, () => this.#trouble(fault.beltId, (belt) => belt.jam(null)));
      case "stuckGate":
        this.#count(fault.kind);
        return this.#trouble(fault.beltId, ({ gates }) => {
          gates.find(({ plan }) => plan.id === fault.gateId)?.stickWhenOut(fault.forNs);
        });
      case "encoderSlip":
        this.#trouble(fault.beltId, ({ motion }) => motion.slipWheel(fault.umPerM));
        return later(fault.forNs, () => this.#trouble(fault.beltId, ({ motion }) => motion.slipWheel(0)));
      case "encoderJump":
        this.#count(fault.kind);
        return this.#trouble(fault.beltId, ({ motion }) => motion.jumpCount(fault.byUm));
      case "weakScanner":
        world.scanner(fault.scannerId, { kind: "weak", noReadShare: fault.noReadShare });
        return later(fault.forNs, () => world.scanner(fault.scannerId, { kind: "well" }));
      case "slowScanner":
        this.#count(fault.kind);
        world.scanner(fault.scannerId, { kind: "slow", uptoNs: fault.extraNs });
        return later(fault.forNs, () => world.scanner(fault.scannerId, { kind: "well" }));
      case "deadScanner":
        return this.#killScanner(fault);
      default: {
        const { atNs: _, ...incident } = fault;
        return this.#touch(() => world.incident(incident));
      }
    }
  }

  #freeze({ deviceId, forNs }: { deviceId: string; forNs: number }): void {
    const { clock, bench } = this.#to;
    this.#count("freeze");
    this.#touch(() => bench.freeze(deviceId));
    clock.after(forNs, () => {
      this.#touch(() => bench.thaw(deviceId));
      // Whatever its socket holds is executed before anything else.
      bench.links.get(deviceId)?.thaw();
    });
  }

  /** Its heartbeats are missed after a while; its first telegram, or heartbeat, says that it is back. */
  #killScanner({ scannerId, forNs }: { scannerId: string; forNs: number }): void {
    const { clock, world, silenceNs, scanner } = this.#to;
    this.#count("deadScanner");
    world.scanner(scannerId, { kind: "dead" });
    const silentNs = silenceNs(scannerId);
    if (silentNs < forNs) clock.after(silentNs, () => scanner(scannerId, "silent"));
    clock.after(forNs, () => {
      world.scanner(scannerId, { kind: "well" });
      scanner(scannerId, "up");
    });
  }

  #trouble(beltId: string, what: Parameters<World["trouble"]>[1]): void {
    this.#touch(() => this.#to.world.trouble(beltId, what));
  }

  #touch(what: () => void): void {
    this.#to.catchUp();
    what();
    this.#to.tickInTime();
  }
}
