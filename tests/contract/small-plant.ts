// The small plant of the PLC contracts: a belt, an eye, two gates and a run permit, their wiring, and what their PLC is to do.
import { join } from "node:path";
import { gateDriveSchema } from "../../drivers/gates/schema.ts";
import type { PlcWiring } from "../../drivers/inputs/wiring.ts";
import { createImage, imageFolder } from "../../simulators/wired/process-image.ts";
import type { PlcPlan } from "../../simulators/wired/terminals.ts";

export const nowNs = (): number => Number(process.hrtime.bigint());

/** Input terminals (their own addresses too) and output terminals. */
const INPUT = { eye: 0, judgedHome: 1, judgedOut: 2, plainHome: 3, plainOut: 4 } as const;
const OUTPUT = { judged: 0, plain: 1, run: 2 } as const;
/** Of the PLC's watchdog. */
export const WATCHDOG_MS = 240;

export const plan = (change: Partial<PlcPlan> = {}): PlcPlan => ({
  deviceId: "plc1",
  host: "127.0.0.1",
  port: 0,
  unit: 1,
  scanMs: 1,
  watchdog: { kind: "echo", counterRegister: 0, echoRegister: 0, timeoutMs: WATCHDOG_MS },
  encoders: [{ register: 2, counter: 0 }],
  discreteInputs: Object.values(INPUT).map((terminal) => ({ address: terminal, terminal })),
  packedInputs: { register: 4, words: 1 },
  gates: [
    {
      kind: "mailbox",
      gateId: "judged",
      register: 100,
      status: 16,
      encoder: 0,
      positions: [{ code: 1, terminal: OUTPUT.judged }],
      homeTerminal: INPUT.judgedHome,
      outTerminal: INPUT.judgedOut,
    },
    { kind: "coil", gateId: "plain", coil: 0, terminal: OUTPUT.plain },
  ],
  relays: [{ coil: 1, terminal: OUTPUT.run }],
  ...change,
});

export const wiring: PlcWiring = {
  encoders: [{ id: "enc1", register: 2, bits: 32 }],
  eyes: [{ id: "eye1", input: INPUT.eye, encoderId: "enc1" }],
  signals: [],
  drives: [],
  gates: [
    {
      id: "judged",
      drive: gateDriveSchema.parse({ kind: "mailbox", register: 100, status: 16, positions: { chute1: 1 } }),
    },
    { id: "plain", drive: { kind: "coil", coil: 0, homeInput: INPUT.plainHome, outInput: INPUT.plainOut } },
  ],
  linePermits: [{ id: "run", coil: 1 }],
};

/** Gates that follow their outputs at once, a belt that stands where it is put. */
export class TestWorld {
  readonly image: ReturnType<typeof createImage>;
  count = 500;
  isDark = false;
  readonly #timer: NodeJS.Timeout;

  /** @param stepMs how often its gates follow their outputs */
  constructor(stepMs = 1) {
    const name = `coline-plc-${process.pid}-${Math.random().toString(36).slice(2)}`;
    this.image = createImage(join(imageFolder(), name));
    this.step();
    this.#timer = setInterval(() => this.step(), stepMs);
  }

  step(): void {
    this.image.refresh();
    this.image.counter(0, this.count);
    this.image.input(INPUT.eye, this.isDark);
    this.#gate({ output: OUTPUT.judged, home: INPUT.judgedHome, out: INPUT.judgedOut });
    this.#gate({ output: OUTPUT.plain, home: INPUT.plainHome, out: INPUT.plainOut });
    this.image.publish();
  }

  setCount(count: number): void {
    this.count = count;
    this.step();
  }

  setEye(isDark: boolean): void {
    this.isDark = isDark;
    this.step();
  }

  isOn(output: keyof typeof OUTPUT): boolean {
    this.image.refresh();
    return this.image.output(OUTPUT[output]);
  }

  close(): void {
    clearInterval(this.#timer);
    this.image.close();
  }

  #gate(o: { output: number; home: number; out: number }): void {
    const isOut = this.image.output(o.output);
    this.image.input(o.home, !isOut);
    this.image.input(o.out, isOut);
  }
}
