// The device's end of a serial line: requests are served when a wire would have brought them, replies come at its pace.
import { decodeRequest, encodeReply } from "../../../simulators/wired/plc/pdu.ts";
import type { PlcReply, PlcRequest } from "../../../simulators/wired/plc/request.ts";
import { isIntact, requestLength, withSum } from "../../../simulators/wired/plc/rtu-telegrams.ts";
import { openPtyScanner } from "../../../simulators/wired/scanner/pty-scanner.ts";
import { SERIAL } from "./site.ts";

const NS_PER_BYTE = (SERIAL.bitsPerCharacter * 1e9) / SERIAL.baud;

/** A mailbox command of 10 registers and what is around them. */
export const COMMAND_WIRE_MS = (29 * NS_PER_BYTE) / 1e6;

const nowNs = (): number => Number(process.hrtime.bigint());

/**
 * A pty hands a request over at once. It was complete at `heardNs`, and counts as complete at the device when its bytes
 * would have been on the wire; the reply then takes as long as it would.
 */
export function serveOnLine(o: {
  linkPath: string;
  unit: number;
  serve: (request: PlcRequest, heardNs: number) => PlcReply;
}): void {
  let received: number[] = [];
  const line = openPtyScanner({
    linkPath: o.linkPath,
    baud: SERIAL.baud,
    bitsPerCharacter: SERIAL.bitsPerCharacter,
    heard(bytes) {
      received.push(...bytes);
      const heardNs = nowNs();
      for (let length = requestLength(received); length > 0; length = requestLength(received)) {
        const frame = Buffer.from(received.slice(0, length));
        received = received.slice(length);
        // What is no telegram of ours would never end: the next request begins anew.
        if (!isIntact(frame)) received = [];
        else if (frame[0] === o.unit) setTimeout(() => answer(frame, heardNs), (length * NS_PER_BYTE) / 1e6);
      }
    },
  });

  function answer(frame: Buffer, heardNs: number): void {
    const pdu = frame.subarray(1, -2);
    const request = decodeRequest(pdu);
    const reply = encodeReply(pdu, request.kind === "exception" ? request : o.serve(request, heardNs));
    line.send(withSum(Buffer.concat([frame.subarray(0, 1), reply]))).catch(() => {
      // The bench ends, and with it the line.
    });
  }
}
