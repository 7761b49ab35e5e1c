// The Modbus requests that the simulated PLC understands and its answers, apart from their bytes.

/** Addresses are 0-based, counts and values as on the wire. The reads are FC01, FC02, FC03 and FC04. */
export type PlcRequest =
  | { kind: "readCoils" | "readInputs" | "readHolding" | "readRegisters"; address: number; count: number }
  | { kind: "writeCoil"; address: number; on: boolean }
  | { kind: "writeRegister"; address: number; value: number }
  | { kind: "writeCoils"; address: number; on: readonly boolean[] }
  | { kind: "writeRegisters"; address: number; values: readonly number[] };

/** `values` are 16-bit words; coils and discrete inputs come 16 to a word, the first in bit 0. */
export type PlcReply =
  | { kind: "values"; values: readonly number[] }
  | { kind: "written" }
  | { kind: "exception"; code: number };

export const exception = (code: number): PlcReply => ({ kind: "exception", code });

/** Exception codes of the Modbus application protocol V1.1b3, section 7. */
export const ILLEGAL_FUNCTION = 1;
export const ILLEGAL_ADDRESS = 2;
export const ILLEGAL_VALUE = 3;
export const DEVICE_FAILURE = 4;
