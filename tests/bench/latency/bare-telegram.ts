// The bytes of the bare loop: what ends a telegram, and a request as long as a gate's command.
import { FRAMING } from "./site.ts";
import { WIRING } from "./wiring.ts";

export const LAST_BYTE = FRAMING.end.charCodeAt(0);

/** Modbus TCP: a write of 10 registers (application protocol V1.1b3, 6.12), as a mailbox command is one. */
export const COMMAND_FRAME: Buffer = (() => {
  const registers = 10;
  const frame = Buffer.alloc(13 + 2 * registers);
  frame.writeUInt16BE(1, 0);
  frame.writeUInt16BE(frame.length - 6, 4);
  frame[6] = 1;
  frame[7] = 16;
  frame.writeUInt16BE(WIRING.mailboxRegister, 8);
  frame.writeUInt16BE(registers, 10);
  frame[12] = 2 * registers;
  return frame;
})();
