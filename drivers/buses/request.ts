// One Modbus request and its reply, apart from their bytes: what the bus scheduler hands out and takes back.

/** Addresses are 0-based. The reads are function codes 1, 2, 3 and 4; the writes 5, 6 and 16. */
export type BusRequest =
  | { kind: "readCoils" | "readInputs" | "readHolding" | "readRegisters"; address: number; count: number }
  | { kind: "writeCoil"; address: number; on: boolean }
  | { kind: "writeRegister"; address: number; value: number }
  | { kind: "writeRegisters"; address: number; values: readonly number[] };

/** `values` are 16-bit words; coils and discrete inputs come 16 to a word, the first in bit 0. */
export type BusReply =
  | { kind: "values"; values: readonly number[] }
  /** The device's echo of address and value has been compared. */
  | { kind: "written" }
  /** Exception code of the Modbus application protocol V1.1b3, section 7: the device did not do it. */
  | { kind: "exception"; code: number };

/** Exception 02: the device does not have one of the addresses. */
export const ILLEGAL_ADDRESS = 2;
/** Exception 04: the device cannot; a tripped watchdog says so. */
export const DEVICE_FAILURE = 4;
