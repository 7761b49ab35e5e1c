// A scanner behind a simulated terminal server: what its serial line says goes to whoever is connected to the raw port.
import { createServer, type Socket } from "node:net";
import { type Pace, PacedWire } from "./paced-bytes.ts";
import type { WireScanner } from "./pty-scanner.ts";

export interface TcpScannerOptions extends Pace {
  host: string;
  /** 0: any that is free. */
  port: number;
  /** Bytes that a driver sends to the scanner. */
  heard(bytes: Buffer): void;
}

/** `tcp:host:port`; null: it is no such address. */
export function tcpPlace(text: string): { host: string; port: number } | null {
  const match = /^tcp:(.+):(\d+)$/.exec(text);
  return match === null ? null : { host: match[1] ?? "", port: Number(match[2]) };
}

/**
 * The newest connection gets the bytes, as a terminal server that allows one at a time gives them; while there is none they
 * are lost.
 * @throws Error when the port is taken
 */
export async function openTcpScanner(options: TcpScannerOptions): Promise<WireScanner> {
  const connected: Socket[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    connected.push(socket);
    socket.on("data", options.heard);
    // A driver that resets its connection is no error here.
    socket.on("error", () => undefined);
    socket.once("close", () => connected.splice(connected.indexOf(socket), 1));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  const wire = new PacedWire(options, (bytes) => {
    if (!server.listening) throw new Error("the simulated scanner is unplugged");
    connected.at(-1)?.write(Buffer.from(bytes));
    return bytes.length;
  });
  return {
    address: `tcp:${options.host}:${port}`,
    send: (bytes) => wire.send(bytes),
    unplug() {
      server.close();
      for (const socket of connected) socket.resetAndDestroy();
    },
  };
}
