// A scanner on a serial port: bytes in, whole telegrams out, in the same turn; loss, return and silence noticed.
import { DeadlineTimer, type ScannerClock } from "./clock.ts";
import { type DiscardReason, type FramerEvent, ScannerFramer } from "./framer.ts";
import type { ScannerCounts, ScannerEvents, ScannerPort } from "./port.ts";
import { readFrame } from "./profile.ts";
import type { SerialScannerConfig } from "./schema.ts";
import { SerialLink } from "./serial-link.ts";

type ScannerState = "up" | "down" | "silent";

export class SerialScanner implements ScannerPort {
  readonly scannerId: string;
  readonly #config: SerialScannerConfig;
  readonly #clock: ScannerClock;
  readonly #framer: ScannerFramer;
  readonly #link: SerialLink;
  readonly #frameTimer: DeadlineTimer;
  readonly #silenceTimer: DeadlineTimer;
  readonly #counts: ScannerCounts = {
    telegrams: 0,
    noReads: 0,
    heartbeats: 0,
    garbageBytes: 0,
    oversizeFrames: 0,
    partialFrames: 0,
    malformedFrames: 0,
    reconnects: 0,
  };
  #events: ScannerEvents | null = null;
  /** null: not told yet. */
  #state: ScannerState | null = null;
  /** Since when the silence lasts: the last byte, the opening or the last look at the port; null: no port. */
  #quietSinceNs: number | null = null;
  #openings = 0;
  #lastError: string | null = null;

  constructor(o: { config: SerialScannerConfig; clock: ScannerClock }) {
    const { config, clock } = o;
    this.scannerId = config.id;
    this.#config = config;
    this.#clock = clock;
    this.#framer = new ScannerFramer(config.framing);
    this.#link = new SerialLink(config, clock, {
      up: () => this.#portUp(),
      bytes: (bytes) => this.#take(bytes),
      down: (reason) => this.#portDown(reason),
    });
    this.#frameTimer = new DeadlineTimer(
      clock,
      () => this.#framer.deadlineNs,
      (nowNs) => this.#tell(this.#framer.tick(nowNs)),
    );
    this.#silenceTimer = new DeadlineTimer(
      clock,
      () => (this.#quietSinceNs === null ? null : this.#quietSinceNs + config.silenceMs * 1e6),
      (nowNs) => this.#fallSilent(nowNs),
    );
  }

  /** @throws Error when called twice: a scanner has one listener for all its life. */
  open(events: ScannerEvents): void {
    if (this.#events !== null) throw new Error(`scanner ${this.scannerId} is already open`);
    this.#events = events;
    this.#link.open();
  }

  counts(): Readonly<ScannerCounts> {
    return this.#counts;
  }

  /** Why the port is down, in the system's words; null while it is open. */
  lastError(): string | null {
    return this.#lastError;
  }

  async close(): Promise<void> {
    this.#frameTimer.stop();
    this.#silenceTimer.stop();
    this.#quietSinceNs = null;
    await this.#link.close();
  }

  #portUp(): void {
    this.#openings += 1;
    this.#counts.reconnects = this.#openings - 1;
    this.#lastError = null;
    this.#quietSinceNs = this.#clock.nowNs();
    this.#silenceTimer.arm();
    this.#turn("up");
  }

  #portDown(reason: string): void {
    this.#lastError = reason;
    this.#quietSinceNs = null;
    this.#tell(this.#framer.reset());
    this.#turn("down");
  }

  /** Nothing here may wait: the reaction time is running. */
  #take(bytes: Uint8Array): void {
    const atNs = this.#clock.nowNs();
    this.#quietSinceNs = atNs;
    this.#turn("up");
    this.#tell(this.#framer.push(bytes, atNs, this.#clock.heardAfterNs()));
    this.#frameTimer.arm();
  }

  #fallSilent(nowNs: number): void {
    this.#quietSinceNs = nowNs;
    this.#turn("silent");
    void this.#link.verify();
  }

  #turn(state: ScannerState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#events?.state(this.scannerId, state);
  }

  #tell(happened: readonly FramerEvent[]): void {
    for (const event of happened) {
      if (event.kind === "discarded") {
        this.#countDiscard(event.reason, event.byteCount);
        continue;
      }
      const reading = readFrame(event.frame, this.#config.framing);
      if (reading.kind === "malformed") {
        this.#counts.malformedFrames += 1;
        continue;
      }
      this.#counts[COUNTER_OF[reading.telegram.kind]] += 1;
      this.#events?.telegram(this.scannerId, reading.telegram);
    }
  }

  #countDiscard(reason: DiscardReason, byteCount: number): void {
    switch (reason) {
      case "garbage":
        this.#counts.garbageBytes += byteCount;
        return;
      case "oversize":
        this.#counts.oversizeFrames += 1;
        return;
      case "partial":
      case "restarted":
        this.#counts.partialFrames += 1;
        return;
    }
  }
}

/** A telegram counts as one of three: with codes, no-read, heartbeat. */
const COUNTER_OF = { codes: "telegrams", noRead: "noReads", heartbeat: "heartbeats" } as const;
