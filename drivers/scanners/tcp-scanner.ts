// A scanner behind a terminal server, or with a TCP port of its own.
import { connect } from "node:net";
import { FramedScanner } from "./framed-scanner.ts";
import type { ScannerDriver, ScannerLook } from "./port.ts";
import { TcpLink } from "./tcp-link.ts";
import type { TcpScannerConfig } from "./tcp-schema.ts";

export const tcpDriver: ScannerDriver<TcpScannerConfig> = {
  make: (o) => new FramedScanner({ ...o, link: (events) => new TcpLink(o.config, o.clock, events) }),
  look,
};

async function look({ host, port, connectTimeoutMs }: TcpScannerConfig): Promise<ScannerLook> {
  const socket = connect({ host, port });
  const error = await new Promise<string | null>((resolve) => {
    socket.setTimeout(connectTimeoutMs, () => resolve(`no answer within ${connectTimeoutMs} ms`));
    socket.once("connect", () => resolve(null));
    socket.on("error", ({ message }) => resolve(message));
  });
  socket.destroy();
  return { facts: { host, port }, notices: [], error };
}
