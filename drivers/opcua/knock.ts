// Whether a server's machine takes a connection at all: known within a second, however long its session may take then.
import { connect } from "node:net";

/** Linux sends the first SYN again after 1 s (RFC 6298, 2.1), and then ever more seldom: a new attempt is heard sooner. */
const KNOCK_MS = 1000;
/** The registered port (OPC 10000-6, 7.2). */
const DEFAULT_PORT = 4840;

/**
 * One TCP connection, ended by a reset before a byte is sent. The library would wait for a machine that is switched off as
 * long as for a server that is slow.
 * @throws Error that names the address, when nobody takes it in time
 */
export function knock(endpoint: string, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(endpoint.replace(/^opc\.tcp:/, "http:"));
  const place = { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || DEFAULT_PORT) };
  return new Promise((resolve, reject) => {
    const socket = connect({ ...place, signal });
    const timer = setTimeout(
      () => fail(new Error(`nobody at ${place.host}:${place.port} took a connection within ${KNOCK_MS} ms`)),
      KNOCK_MS,
    );
    const fail = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    socket.on("error", fail);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.resetAndDestroy();
      resolve();
    });
  });
}
