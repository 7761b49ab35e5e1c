// How long telegrams take on a serial line, and the silence that parts them. Pure.
import type { BusRequest } from "../request.ts";

export interface RtuLineSettings {
  baud: number;
  parity: "none" | "even" | "odd";
  stopBits: 1 | 2;
}

export interface RtuTiming {
  /** One character on the wire, ns. */
  characterNs: number;
  /** Silence that ends a telegram and comes before the next, ns. */
  silenceNs: number;
  /** The longest telegram, ns. */
  longestNs: number;
  /** Request, reply, and the silence before each, ns; how long the device thinks comes on top. */
  exchangeNs(request: BusRequest): number;
}

/** Modbus over Serial Line V1.02, 2.5.1.1: above this speed the silence is fixed. */
const FIXED_ABOVE_BAUD = 19_200;
const FIXED_SILENCE_NS = 1_750_000;
/** The same, 2.3: unit, up to 253 bytes, and check sum. */
const LONGEST_BYTES = 256;

export function rtuTiming({ baud, parity, stopBits }: RtuLineSettings): RtuTiming {
  const bits = 1 + 8 + (parity === "none" ? 0 : 1) + stopBits;
  const characterNs = Math.ceil((bits * 1e9) / baud);
  const silenceNs = baud > FIXED_ABOVE_BAUD ? FIXED_SILENCE_NS : Math.ceil(3.5 * characterNs);
  return {
    characterNs,
    silenceNs,
    longestNs: LONGEST_BYTES * characterNs,
    exchangeNs: (request) => (requestBytes(request) + replyBytes(request)) * characterNs + 2 * silenceNs,
  };
}

/** Unit, function code, data and CRC (application protocol V1.1b3, section 6). */
export function requestBytes(request: BusRequest): number {
  if (request.kind === "writeCoils") return 9 + Math.ceil(request.on.length / 8);
  return request.kind === "writeRegisters" ? 9 + 2 * request.values.length : 8;
}

export function replyBytes(request: BusRequest): number {
  switch (request.kind) {
    case "readCoils":
    case "readInputs":
      return 5 + Math.ceil(request.count / 8);
    case "readHolding":
    case "readRegisters":
      return 5 + 2 * request.count;
    default:
      return 8;
  }
}
