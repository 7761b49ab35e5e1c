// A Modbus RTU unit at the end of a serial line: requests are served when a wire would have brought them, replies come at its pace.
import { openPtyScanner, type WireScanner } from "../scanner/pty-scanner.ts";
import type { SerialPlace } from "../terminals.ts";
import { decodeRequest, encodeReply } from "./pdu.ts";
import type { PlcReply, PlcRequest } from "./request.ts";
import { isIntact, requestLength, withSum } from "./rtu-telegrams.ts";

export interface SerialServerOptions {
  line: SerialPlace;
  unit: number;
  /** @param heardNs CLOCK_MONOTONIC at which the whole request was there: a pty hands it over without the time of a wire */
  serve: (request: PlcRequest, heardNs: number) => PlcReply;
}

const nowNs = (): number => Number(process.hrtime.bigint());

export class SerialServer {
  /** Every reply waits this long; requests are carried out when they arrive. */
  readonly faults = { delayMs: 0 };
  readonly #options: SerialServerOptions;
  readonly #nsPerByte: number;
  #port: WireScanner | null = null;
  #isConnected = false;
  #received: number[] = [];

  constructor(options: SerialServerOptions) {
    this.#options = options;
    this.#nsPerByte = (options.line.bitsPerCharacter * 1e9) / options.line.baud;
  }

  /** Makes the port, or plugs the cable in again. @returns 0: a serial line has no number @throws Error when there is no pty */
  async listen(): Promise<number> {
    const { path, baud, bitsPerCharacter } = this.#options.line;
    this.#port ??= openPtyScanner({ linkPath: path, baud, bitsPerCharacter, heard: (bytes) => this.#heard(bytes) });
    this.#isConnected = true;
    return 0;
  }

  /** The cable to the adapter is out until `listen`: what is sent meanwhile is lost, and nobody is told. */
  async cut(): Promise<void> {
    this.#isConnected = false;
    this.#received = [];
  }

  /** The port is gone, and what led to it. */
  end(): void {
    this.#port?.unplug();
    this.#port = null;
  }

  #heard(bytes: Uint8Array): void {
    if (!this.#isConnected) return;
    this.#received.push(...bytes);
    const heardNs = nowNs();
    for (let length = requestLength(this.#received); length > 0; length = requestLength(this.#received)) {
      const frame = Buffer.from(this.#received.splice(0, length));
      // What is no telegram of ours would never end: the next request begins anew.
      if (!isIntact(frame)) this.#received = [];
      else if (frame[0] === this.#options.unit)
        setTimeout(() => this.#answer(frame, heardNs), (length * this.#nsPerByte) / 1e6);
    }
  }

  #answer(frame: Buffer, heardNs: number): void {
    if (!this.#isConnected) return;
    const pdu = frame.subarray(1, -2);
    const request = decodeRequest(pdu);
    const reply = encodeReply(pdu, request.kind === "exception" ? request : this.#options.serve(request, heardNs));
    const bytes = withSum(Buffer.concat([frame.subarray(0, 1), reply]));
    const { delayMs } = this.faults;
    if (delayMs > 0) setTimeout(() => this.#send(bytes), delayMs);
    else this.#send(bytes);
  }

  #send(bytes: Buffer): void {
    if (!this.#isConnected) return;
    this.#port?.send(bytes).catch(() => {
      // The port was taken away in the middle of it.
    });
  }
}
