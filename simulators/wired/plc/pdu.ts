// Modbus protocol data units as bytes: what the simulated PLC reads from and writes to its connections.
import { exception, ILLEGAL_FUNCTION, ILLEGAL_VALUE, type PlcReply, type PlcRequest } from "./request.ts";

/** Function code, then data (Modbus application protocol V1.1b3, section 6). */
const READS = { 1: "readCoils", 2: "readInputs", 3: "readHolding", 4: "readRegisters" } as const;

/** A request, or the exception that its bytes deserve. */
export function decodeRequest(pdu: Buffer): PlcRequest | Extract<PlcReply, { kind: "exception" }> {
  const code = pdu[0] ?? 0;
  const refuse = (why: number) => exception(why) as Extract<PlcReply, { kind: "exception" }>;
  if (![1, 2, 3, 4, 5, 6, 15, 16].includes(code)) return refuse(ILLEGAL_FUNCTION);
  if (pdu.length < 5) return refuse(ILLEGAL_VALUE);
  const address = pdu.readUInt16BE(1);
  const second = pdu.readUInt16BE(3);
  if (code === 5) {
    if (second !== 0xff00 && second !== 0) return refuse(ILLEGAL_VALUE);
    return { kind: "writeCoil", address, on: second === 0xff00 };
  }
  if (code === 6) return { kind: "writeRegister", address, value: second };
  if (code === 15) return decodeCoils(pdu, { address, count: second }) ?? refuse(ILLEGAL_VALUE);
  if (code !== 16) return { kind: READS[code as keyof typeof READS], address, count: second };
  if (second < 1 || second > 123 || pdu[5] !== second * 2 || pdu.length !== 6 + second * 2)
    return refuse(ILLEGAL_VALUE);
  return {
    kind: "writeRegisters",
    address,
    values: Array.from({ length: second }, (_, i) => pdu.readUInt16BE(6 + 2 * i)),
  };
}

function decodeCoils(pdu: Buffer, { address, count }: { address: number; count: number }): PlcRequest | null {
  const bytes = Math.ceil(count / 8);
  if (count < 1 || count > 1968 || pdu[5] !== bytes || pdu.length !== 6 + bytes) return null;
  const on = Array.from({ length: count }, (_, i) => (((pdu[6 + (i >> 3)] ?? 0) >> (i & 7)) & 1) === 1);
  return { kind: "writeCoils", address, on };
}

export function encodeReply(request: Buffer, reply: PlcReply): Buffer {
  const code = request[0] ?? 0;
  if (reply.kind === "exception") return Buffer.from([code | 0x80, reply.code]);
  if (reply.kind === "written") return Buffer.from(request.subarray(0, 5));
  if (code === 3 || code === 4) return registers(code, reply.values);
  const bytes = Math.ceil(request.readUInt16BE(3) / 8);
  const pdu = Buffer.alloc(2 + bytes);
  pdu[0] = code;
  pdu[1] = bytes;
  for (let i = 0; i < bytes; i += 1) pdu[2 + i] = ((reply.values[i >> 1] ?? 0) >> (8 * (i & 1))) & 0xff;
  return pdu;
}

function registers(code: number, values: readonly number[]): Buffer {
  const pdu = Buffer.alloc(2 + 2 * values.length);
  pdu[0] = code;
  pdu[1] = 2 * values.length;
  values.forEach((value, index) => {
    pdu.writeUInt16BE(value, 2 + 2 * index);
  });
  return pdu;
}
