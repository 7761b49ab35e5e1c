// A scanner driver under one fault after another: its wire pulled, noise, torn and endless frames, a frame cut by the plug.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScannerClock } from "../../../drivers/scanners/clock.ts";
import type { ScannerPort } from "../../../drivers/scanners/port.ts";
import { ScannerProcess } from "../../../simulators/wired/scanner/process.ts";
import { type DriverCase, within } from "./case.ts";

const [STX, ETX] = ["\u0002", "\u0003"];
/** Longer than the longest frame of the driver under test. */
const ENDLESS = 400;

interface Disturbed {
  wire: ScannerProcess;
  send(text: string): Promise<unknown>;
  state(wanted: "up" | "down"): Promise<void>;
}

const replugged = async ({ wire, state }: Disturbed): Promise<void> => {
  await wire.unplug();
  await state("down");
  await wire.plug();
  await state("up");
};

const faults = {
  unplugged: replugged,
  noise: async ({ wire }) => void (await wire.garble(300)),
  "torn frame": async ({ send }) => void (await send(`${STX}TORN`)),
  "endless frame": async ({ send }) => void (await send(`${STX}${"A".repeat(ENDLESS)}${ETX}`)),
  "unplugged in a frame": async (disturbed) => {
    await disturbed.send(`${STX}HALF`);
    await replugged(disturbed);
  },
} as const satisfies Record<string, (o: Disturbed) => Promise<void>>;

const names = Object.keys(faults) as (keyof typeof faults)[];

/** @param o.wire where the simulated scanner stands: "pty" or "tcp" */
export function scannerCase(o: {
  name: string;
  wire: "pty" | "tcp";
  make(address: string, clock: ScannerClock): ScannerPort;
}): DriverCase {
  return {
    name: o.name,
    faults: names,
    async open() {
      const folder = await mkdtemp(join(tmpdir(), "coline-soak-"));
      const wire = new ScannerProcess({
        linkPath: o.wire === "pty" ? join(folder, "scan1") : "tcp:127.0.0.1:0",
        baud: null,
      });
      await wire.start();
      const scanner = o.make(wire.address, clock);
      const heard = new Heard(scanner);
      const send = (text: string): Promise<unknown> => wire.send(Buffer.from(text, "latin1"));
      const state = (wanted: "up" | "down"): Promise<void> =>
        within(
          () => `the scanner to be ${wanted}: it is ${heard.state}, ${scanner.lastError()}`,
          heard.until(() => heard.state === wanted),
        );
      await state("up");
      return {
        async cycle(nth) {
          await faults[names[nth % names.length] ?? "noise"]({ wire, send, state });
          const code = `C${nth}`;
          await send(`${STX}${code}${ETX}`);
          await within(
            () => `telegram ${code}: ${JSON.stringify(scanner.counts())}`,
            heard.until(() => heard.code === code),
          );
        },
        isAtRest: () => heard.state === "up",
        async close() {
          await scanner.close();
          await wire.stop();
          await rm(folder, { recursive: true });
        },
      };
    },
  };
}

/** The newest of each; older news is forgotten. */
class Heard {
  state = "";
  code = "";
  #waiting: { isTrue: () => boolean; resolve: () => void } | null = null;

  constructor(scanner: ScannerPort) {
    scanner.open({
      state: (_, state) => {
        this.state = state;
        this.#told();
      },
      telegram: (_, { codes }) => {
        this.code = codes[0]?.text ?? "";
        this.#told();
      },
    });
  }

  until(isTrue: () => boolean): Promise<void> {
    if (isTrue()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { isTrue, resolve };
    });
  }

  #told(): void {
    if (this.#waiting?.isTrue() !== true) return;
    this.#waiting.resolve();
    this.#waiting = null;
  }
}

const nowNs = (): number => Number(process.hrtime.bigint());

const clock: ScannerClock = {
  nowNs,
  heardAfterNs: nowNs,
  setTimer(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
