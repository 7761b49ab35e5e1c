// A scanner on any wire: bytes in, whole telegrams out, in the same turn; loss, return and silence noticed.
import { trailBytes } from "./check-character.ts";
import { DeadlineTimer, type ScannerClock } from "./clock.ts";
import { type Reading, readFrame } from "./frame-reading.ts";
import { type DiscardReason, type FramerEvent, ScannerFramer } from "./framer.ts";
import type { LinkEvents, ScannerCounts, ScannerEvents, ScannerLink, ScannerPort } from "./port.ts";
import type { ScannerSettings } from "./schema.ts";
import { triggerBytes } from "./trigger.ts";

type ScannerState = "up" | "down" | "silent";

/** A scanner that is told to stop reading at the end has so long to take it. */
const FAREWELL_MS = 200;

export class FramedScanner implements ScannerPort {
  readonly scannerId: string;
  readonly #config: ScannerSettings;
  readonly #clock: ScannerClock;
  readonly #framer: ScannerFramer;
  readonly #link: ScannerLink;
  readonly #frameTimer: DeadlineTimer;
  readonly #silenceTimer: DeadlineTimer;
  readonly #counts: ScannerCounts = {
    telegrams: 0,
    noReads: 0,
    heartbeats: 0,
    replies: 0,
    garbageBytes: 0,
    oversizeFrames: 0,
    partialFrames: 0,
    malformedFrames: 0,
    reconnects: 0,
  };
  #events: ScannerEvents | null = null;
  /** null: not told yet. */
  #state: ScannerState | null = null;
  /** Since when the silence lasts: the last sign of life, the opening or the last look at the port; null: no port. */
  #quietSinceNs: number | null = null;
  #openings = 0;
  #lastError: string | null = null;

  constructor(o: { config: ScannerSettings; clock: ScannerClock; link: (events: LinkEvents) => ScannerLink }) {
    const { config, clock } = o;
    this.scannerId = config.id;
    this.#config = config;
    this.#clock = clock;
    this.#framer = new ScannerFramer({ ...config.framing, trailBytes: trailBytes(config.framing.check) });
    this.#link = o.link({
      up: () => this.#wireUp(),
      bytes: (bytes, arrivedAfterNs) => this.#take(bytes, arrivedAfterNs),
      down: (reason) => this.#wireDown(reason),
      notices: (notices) => this.#events?.notices?.(this.scannerId, notices),
    });
    this.#frameTimer = new DeadlineTimer(
      clock,
      () => this.#framer.deadlineNs,
      (nowNs) => this.#tell(this.#framer.tick(nowNs)),
    );
    const { silenceMs } = config;
    this.#silenceTimer = new DeadlineTimer(
      clock,
      () => (this.#quietSinceNs === null || silenceMs === null ? null : this.#quietSinceNs + silenceMs * 1e6),
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

  facts(): Readonly<Record<string, string | number | boolean | null>> {
    return { state: this.#state, profile: this.#config.profile, ...this.#link.facts() };
  }

  lastError(): string | null {
    return this.#lastError;
  }

  async close(): Promise<void> {
    this.#frameTimer.stop();
    this.#silenceTimer.stop();
    const isOpen = this.#quietSinceNs !== null;
    this.#quietSinceNs = null;
    this.#events = null;
    if (isOpen) await this.#command("off");
    await this.#link.close();
  }

  #wireUp(): void {
    this.#openings += 1;
    this.#counts.reconnects = this.#openings - 1;
    this.#lastError = null;
    this.#tell(this.#framer.reset());
    this.#quietSinceNs = this.#clock.nowNs();
    this.#silenceTimer.arm();
    void this.#command("on");
    // A silence ends with a telegram, not with another connection in which nobody has spoken either.
    if (this.#state !== "silent") this.#turn("up");
  }

  #wireDown(reason: string): void {
    this.#lastError = reason;
    this.#quietSinceNs = null;
    this.#tell(this.#framer.reset());
    this.#turn("down");
  }

  /** Nothing here may wait: the reaction time is running. */
  #take(bytes: Uint8Array, arrivedAfterNs: number): void {
    this.#tell(this.#framer.push(bytes, this.#clock.nowNs(), arrivedAfterNs));
    this.#frameTimer.arm();
  }

  #fallSilent(nowNs: number): void {
    this.#quietSinceNs = nowNs;
    this.#turn("silent");
    this.#link.verify();
  }

  #turn(state: ScannerState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#events?.state(this.scannerId, state);
  }

  /** Settles when the scanner has it, is gone, or takes too long. */
  async #command(which: "on" | "off"): Promise<void> {
    const bytes = triggerBytes(this.#config, which);
    if (bytes === null) return;
    let cancel: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = this.#clock.setTimer(FAREWELL_MS, resolve);
    });
    await Promise.race([this.#link.send(bytes), late]);
    cancel();
  }

  #tell(happened: readonly FramerEvent[]): void {
    for (const event of happened) {
      if (event.kind === "discarded") this.#countDiscard(event.reason, event.byteCount);
      else this.#hear(readFrame(event.frame, this.#config.framing));
    }
  }

  #hear(reading: Reading): void {
    switch (reading.kind) {
      case "malformed":
        this.#counts.malformedFrames += 1;
        return;
      case "reply":
        this.#counts.replies += 1;
        if (reading.isError) this.#lastError = `the scanner refused a command: ${reading.text}`;
        return;
      case "telegram":
        this.#counts[COUNTER_OF[reading.telegram.kind]] += 1;
        if (this.#config.aliveBy === "telegram" || reading.telegram.kind === "heartbeat") this.#live();
        this.#events?.telegram(this.scannerId, reading.telegram);
        return;
      default:
        reading satisfies never;
    }
  }

  #live(): void {
    this.#quietSinceNs = this.#clock.nowNs();
    this.#turn("up");
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
