// A serial line of Modbus units behind a pty: noise, echo, damaged and late replies, units that are silent, a plug that is pulled.
import { mkdtempSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeRequest, encodeReply } from "../../simulators/wired/plc/pdu.ts";
import type { PlcReply, PlcRequest } from "../../simulators/wired/plc/request.ts";
import { isIntact, requestLength, withSum } from "../../simulators/wired/plc/rtu-telegrams.ts";
import { openPseudoTerminal, type PseudoTerminal } from "../../simulators/wired/pseudo-terminal.ts";
import { linkTo, unlinkFrom } from "../../simulators/wired/scanner/link.ts";

export interface LineFaults {
  /** Requests are carried out, and not answered. */
  silent: boolean;
  /** Requests are neither carried out nor answered. */
  deaf: boolean;
  /** Turns silent with the next command (function codes 5, 15 and 16), which it carries out. */
  silentFromCommand: boolean;
  /** So many commands are carried out and not answered. */
  lostReplies: number;
  /** Each reply waits so long. */
  delayMs: number;
  /** So many replies come with a wrong check sum. */
  damaged: number;
  /** Bytes that come before each reply. */
  noise: readonly number[];
  /** The line hears what is sent on it. */
  echo: boolean;
  /** Each reply is sent in pieces of so many bytes; 0: whole. */
  splitBytes: number;
}

interface Unit {
  serve: (request: PlcRequest) => PlcReply;
  faults: LineFaults;
  /** Telegrams that it has been sent: function code and time. */
  heard: { code: number; atNs: number }[];
}

const NONE: LineFaults = {
  silent: false,
  deaf: false,
  silentFromCommand: false,
  lostReplies: 0,
  delayMs: 0,
  damaged: 0,
  noise: [],
  echo: false,
  splitBytes: 0,
};

const nowNs = (): number => Number(process.hrtime.bigint());

export class RtuBench {
  readonly #folder = mkdtempSync(join(tmpdir(), "coline-rtu-"));
  readonly path = join(this.#folder, "line");
  readonly #units = new Map<number, Unit>();
  #terminal: PseudoTerminal | null = null;
  #received: number[] = [];
  #isFrozen = false;
  #waiting: { isTrue: () => boolean; resolve: () => void }[] = [];
  /** Everything that was heard on the line, whoever it was for. */
  readonly telegrams: { unit: number; code: number; atNs: number }[] = [];
  /** When the last reply was sent. */
  #repliedNs = 0;
  /** Least time from the end of a reply to the next request, ns. */
  leastSilenceNs = Number.POSITIVE_INFINITY;

  constructor() {
    this.plug();
  }

  unit(address: number, serve: (request: PlcRequest) => PlcReply): LineFaults {
    const unit: Unit = { serve, faults: { ...NONE }, heard: [] };
    this.#units.set(address, unit);
    return unit.faults;
  }

  heard(address: number): readonly { code: number; atNs: number }[] {
    return this.#units.get(address)?.heard ?? [];
  }

  plug(): void {
    const terminal = openPseudoTerminal();
    this.#terminal = terminal;
    terminal.master.on("data", (bytes: Buffer) => this.#heardBytes(bytes));
    linkTo(terminal.path, this.path);
  }

  unplug(): void {
    const terminal = this.#terminal;
    if (terminal === null) return;
    this.#terminal = null;
    unlinkFrom(terminal.path, this.path);
    terminal.hangUp();
  }

  /** Units stop; what they are sent meanwhile waits for them. */
  freeze(): void {
    this.#isFrozen = true;
  }

  thaw(): void {
    this.#isFrozen = false;
    this.#serveAll();
  }

  /** Bytes out of nowhere. */
  noise(bytes: readonly number[]): void {
    this.#send(Buffer.from(bytes));
  }

  /** What was heard so far. */
  forget(): void {
    this.telegrams.length = 0;
    for (const { heard } of this.#units.values()) heard.length = 0;
  }

  close(): void {
    this.unplug();
    rmSync(this.#folder, { recursive: true });
  }

  #heardBytes(bytes: Buffer): void {
    this.#received.push(...bytes);
    if (!this.#isFrozen) this.#serveAll();
  }

  /** Settles with the telegram after which the condition holds. */
  until(isTrue: () => boolean): Promise<void> {
    if (isTrue()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ isTrue, resolve }));
  }

  #serveAll(): void {
    for (let length = requestLength(this.#received); length > 0; length = requestLength(this.#received))
      this.#serve(Buffer.from(this.#received.splice(0, length)));
  }

  #serve(frame: Buffer): void {
    const [address = 0, code = 0] = frame;
    if (!isIntact(frame)) return;
    const atNs = nowNs();
    this.telegrams.push({ unit: address, code, atNs });
    if (this.#repliedNs > 0) this.leastSilenceNs = Math.min(this.leastSilenceNs, atNs - this.#repliedNs);
    const unit = this.#units.get(address);
    if (unit !== undefined) this.#answer(unit, frame, atNs);
    const due = this.#waiting.filter((waiting) => waiting.isTrue());
    this.#waiting = this.#waiting.filter((waiting) => !due.includes(waiting));
    for (const { resolve } of due) resolve();
  }

  #answer(unit: Unit, frame: Buffer, atNs: number): void {
    const [address = 0, code = 0] = frame;
    const { faults } = unit;
    if (faults.echo) this.#send(frame);
    unit.heard.push({ code, atNs });
    if (faults.deaf) return;
    const pdu = frame.subarray(1, -2);
    const request = decodeRequest(pdu);
    const reply = encodeReply(pdu, request.kind === "exception" ? request : unit.serve(request));
    if (isUnanswered(code, faults)) return;
    const whole = Buffer.concat([Buffer.from(faults.noise), withSum(Buffer.concat([Buffer.from([address]), reply]))]);
    if (faults.damaged > 0) {
      faults.damaged -= 1;
      whole[whole.length - 1] = (whole.at(-1) ?? 0) ^ 0xff;
    }
    const send = (): void => {
      this.#repliedNs = nowNs();
      this.#sendPieces(whole, faults.splitBytes);
    };
    if (faults.delayMs > 0) setTimeout(send, faults.delayMs);
    else send();
  }

  #sendPieces(bytes: Buffer, size: number): void {
    if (size === 0 || bytes.length <= size) return this.#send(bytes);
    this.#send(bytes.subarray(0, size));
    setImmediate(() => this.#sendPieces(bytes.subarray(size), size));
  }

  #send(bytes: Buffer): void {
    if (this.#terminal !== null && bytes.length > 0) writeSync(this.#terminal.fd, bytes);
  }
}

function isUnanswered(code: number, faults: LineFaults): boolean {
  const isCommand = code === 5 || code === 15 || code === 16;
  if (isCommand && faults.silentFromCommand) faults.silent = true;
  if (faults.silent || !isCommand || faults.lostReplies === 0) return faults.silent;
  faults.lostReplies -= 1;
  return true;
}
