// One Modbus request and its reply, apart from their bytes: what the bus scheduler hands out and takes back.

/** Addresses are 0-based. The reads are function codes 1, 2, 3 and 4; the writes 5, 6, 15 and 16. */
export type BusRequest =
  | { kind: "readCoils" | "readInputs" | "readHolding" | "readRegisters"; address: number; count: number }
  | { kind: "writeCoil"; address: number; on: boolean }
  | { kind: "writeRegister"; address: number; value: number }
  | { kind: "writeCoils"; address: number; on: readonly boolean[] }
  | { kind: "writeRegisters"; address: number; values: readonly number[] };

/** `values` are 16-bit words; coils and discrete inputs come 16 to a word, the first in bit 0. */
export type BusReply =
  | { kind: "values"; values: readonly number[] }
  /** The device's echo of address and value has been compared. */
  | { kind: "written" }
  /** Exception code of the Modbus application protocol V1.1b3, section 7. `text`: what the device said instead of one. */
  | { kind: "exception"; code: number; text?: string };

export const isRead = (request: BusRequest): boolean => "count" in request;

/** Exception codes, section 7 of the application protocol. */
export const ILLEGAL_FUNCTION = 1;
/** The device does not have one of the addresses. */
export const ILLEGAL_ADDRESS = 2;
/** Often said of an address as well. */
export const ILLEGAL_VALUE = 3;
/** The device cannot; a tripped watchdog says so. */
export const DEVICE_FAILURE = 4;
/** The device has begun, and has not ended: it may be done later. */
export const ACKNOWLEDGE = 5;
/** The gateway sent it on and heard nothing: it may have been done. */
export const GATEWAY_NO_ANSWER = 11;

/** What an exception says of a write. All others mean that it was not done and will not be. */
export function doubtAfter(code: number): "none" | "untilRead" | "untilShown" {
  if (code === GATEWAY_NO_ANSWER) return "untilRead";
  return code === ACKNOWLEDGE ? "untilShown" : "none";
}

/** What the refusal means, in words for a person. */
export function exceptionText({ code, text: said }: { code: number; text?: string }): string {
  if (said !== undefined) return said;
  const text = EXCEPTIONS[code];
  return text === undefined ? `exception ${code}` : `exception ${code} (${text})`;
}

const EXCEPTIONS: Readonly<Record<number, string>> = {
  1: "function not supported",
  2: "no such address",
  3: "value not allowed",
  4: "device failure",
  5: "acknowledged, still working",
  6: "busy",
  8: "memory parity error",
  10: "gateway has no path to it",
  11: "gateway got no answer from it",
};
