// All gates of one device: what they are told together, and what they say together.
import type { ReplyTimes } from "../buses/job.ts";
import type { DeviceImage } from "../inputs/device-image.ts";
import type { GateControl } from "./gate-control.ts";

export class GateSet {
  readonly #gates: ReadonlyMap<string, GateControl>;
  /** Each once, whoever controls several gates. */
  readonly #controls: readonly GateControl[];
  readonly #deviceId: string;
  /** The image as the gates have seen it last. */
  #seenVersion = -1;

  /** @param gates by the gate's id */
  constructor(deviceId: string, gates: ReadonlyMap<string, GateControl>) {
    this.#deviceId = deviceId;
    this.#gates = gates;
    this.#controls = [...new Set(gates.values())];
  }

  /** @throws for a gate that the device does not have */
  of(gateId: string): GateControl {
    const gate = this.#gates.get(gateId);
    if (gate === undefined) throw new Error(`device ${this.#deviceId} has no gate ${gateId}`);
    return gate;
  }

  find(gateId: string): GateControl | undefined {
    return this.#gates.get(gateId);
  }

  get doubts(): number {
    let doubts = 0;
    for (const gate of this.#controls) doubts += gate.doubts;
    return doubts;
  }

  get isSettled(): boolean {
    for (const gate of this.#controls) if (!gate.isSettled) return false;
    return true;
  }

  /** Outputs known, nothing in doubt; once armed, a withdrawal on its way is no reason to disarm. */
  mayMove(o: { isArmed: boolean }): boolean {
    for (const gate of this.#controls) {
      const isClear = gate.isSettled || (o.isArmed && gate.doubts === 0);
      if (!gate.isKnown || !isClear) return false;
    }
    return true;
  }

  sampled(image: DeviceImage, at: ReplyTimes & { outputsRead: boolean }): void {
    const isNews = image.version !== this.#seenVersion;
    this.#seenVersion = image.version;
    for (const gate of this.#controls) if (isNews || !gate.isAtRest) gate.sampled(image, at);
  }

  opened(): void {
    for (const gate of this.#controls) gate.opened();
  }

  lost(nowNs: number): void {
    for (const gate of this.#controls) gate.lost(nowNs);
  }

  withdrawAll(): void {
    for (const gate of this.#controls) gate.withdrawAll();
  }
}
