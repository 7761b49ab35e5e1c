// The device's end of a serial line in the latency benchmark, and what a command takes on its wire.
import { SerialServer, type SerialServerOptions } from "../../../simulators/wired/plc/serial-server.ts";
import { SERIAL } from "./site.ts";

/** A mailbox command of 10 registers and what is around them. */
export const COMMAND_WIRE_MS = (29 * SERIAL.bitsPerCharacter * 1e3) / SERIAL.baud;

/**
 * A pty hands a request over at once. It was complete at `heardNs`, and is served when its bytes would have been on the wire;
 * the reply then takes as long as it would.
 */
export async function serveOnLine(o: {
  linkPath: string;
  unit: number;
  serve: SerialServerOptions["serve"];
}): Promise<void> {
  await new SerialServer({ line: { path: o.linkPath, ...SERIAL }, unit: o.unit, serve: o.serve }).listen();
}
