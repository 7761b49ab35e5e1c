// Where a gate is, by its switches, a code, or a count of its strokes.
import type { GatePosition } from "../../src/line/step.ts";
import { type NumberFormat, numberFrom } from "../buses/number-format.ts";
import type { DeviceImage } from "../inputs/device-image.ts";
import { positionOf } from "./mailbox.ts";
import type { OutputDrive } from "./schema.ts";

export class GateFeedback {
  readonly #drive: OutputDrive;
  readonly #format: NumberFormat;
  /** Strokes as of the last poll of this connection. */
  #strokes: number | null = null;

  constructor(drive: OutputDrive, format: NumberFormat) {
    this.#drive = drive;
    this.#format = format;
  }

  lost(): void {
    this.#strokes = null;
  }

  /** Positions since the last poll, in order; empty: nothing says where the gate is. */
  look(image: DeviceImage): readonly GatePosition[] {
    const { homeInput, outInput, faultInput, feedback } = this.#drive;
    const isFaulty = faultInput !== undefined && image.input(faultInput);
    const strokes = feedback?.kind === "counter" ? this.#strokesSince(image, feedback) : 0;
    if (isFaulty) return ["unknown"];
    if (feedback?.kind === "code") {
      const code = image.table(feedback.from)[feedback.register] ?? 0;
      return [codePosition(numberFrom([code], 0, { ...this.#format, bits: 16 }), feedback)];
    }
    const isSeen = homeInput !== undefined || outInput !== undefined;
    const isHome = homeInput !== undefined && image.input(homeInput);
    const isOut = outInput !== undefined && image.input(outInput);
    // One switch alone says where the gate is not; what is neither is between.
    const now: GatePosition = isSeen ? positionOf({ isHome, isOut, isFaulty: false }) : "unknown";
    if (strokes > 0) return ["out", now];
    return isSeen || feedback !== undefined || faultInput !== undefined ? [now] : [];
  }

  #strokesSince(
    image: DeviceImage,
    counter: { register: number; from: "inputRegisters" | "holdingRegisters"; bits: 16 | 32 },
  ): number {
    const now = numberFrom(image.table(counter.from), counter.register, { ...this.#format, bits: counter.bits });
    const before = this.#strokes;
    this.#strokes = now;
    return before === null || before === now ? 0 : 1;
  }
}

function codePosition(
  code: number,
  feedback: { home: number; between: readonly number[]; unknown: readonly number[] },
): GatePosition {
  if (code === feedback.home) return "home";
  if (feedback.unknown.includes(code)) return "unknown";
  return feedback.between.includes(code) ? "between" : "out";
}
