// The one place where node-opcua is loaded, when a site uses it, and where more of it is touched than it publishes.
import type { Socket } from "node:net";
import type { ClientSecureChannelLayer, ClientSession, DataValue, NodeId, OPCUAClient } from "node-opcua-client";
import type { UaScalar, UaValue } from "./value.ts";

/** Client, certificates and what both stand on; the package node-opcua as a whole would load a server as well. */
export type Library = typeof import("node-opcua-client") &
  Pick<typeof import("node-opcua-common"), "InMemoryCertificateKeyPairProvider"> &
  Pick<typeof import("node-opcua-certificate-manager"), "OPCUACertificateManager">;

let loading: Promise<Library> | null = null;

/**
 * Some hundred milliseconds in which the loop stands, and tens of megabytes: nobody pays for it who has no such device, and
 * who has one loads it before any device is opened.
 */
export function loadLibrary(): Promise<Library> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Library> {
  const client = await import("node-opcua-client");
  const { InMemoryCertificateKeyPairProvider } = await import("node-opcua-common");
  const { OPCUACertificateManager } = await import("node-opcua-certificate-manager");
  // Its warnings go to the console, in colours and over several lines; what they are about comes to us as an error.
  client.setLogLevel(client.LogLevel.Emergency);
  return { ...client, InMemoryCertificateKeyPairProvider, OPCUACertificateManager };
}

/** The channel of a client that connects or is connected. */
export type Channel = ClientSecureChannelLayer;

/** Calls back with each secure channel that the client makes. */
export function onChannel(client: OPCUAClient, take: (channel: Channel) => void): void {
  (client as unknown as { on(event: "secure_channel_created", take: (channel: Channel) => void): void }).on(
    "secure_channel_created",
    take,
  );
}

/**
 * Ends the connection by a TCP reset: after a plain close our own kernel would go on resending what it holds (design,
 * law 6). The library only knows polite ends, and its transport keeps the socket.
 */
export function resetSocket(channel: Channel): void {
  socketOf(channel)?.resetAndDestroy();
}

/** The library throws at some answers, an unknown request's among them, out of the socket's event: nobody could catch it. */
export function guardSocket(channel: Channel, onError: (error: unknown) => void): void {
  const socket = socketOf(channel);
  if (socket === null) return;
  for (const listener of socket.listeners("data") as ((bytes: Buffer) => void)[]) {
    socket.off("data", listener);
    socket.on("data", (bytes: Buffer) => {
      try {
        listener.call(socket, bytes);
      } catch (error) {
        onError(error);
      }
    });
  }
}

function socketOf(channel: Channel): Socket | null {
  const transport = channel.getTransport() as unknown as { _socket?: Socket | null } | undefined;
  return transport?._socket ?? null;
}

/** Stands in the header of each request. */
export const tokenOf = (session: ClientSession): NodeId =>
  (session as unknown as { authenticationToken: NodeId }).authenticationToken;

export function uaValueOf(seen: DataValue): UaValue {
  const { statusCode, value, sourceTimestamp, serverTimestamp } = seen;
  return {
    value: plain(value?.value),
    status: statusCode.value,
    statusName: statusCode.name,
    sourceMs: sourceTimestamp?.getTime() ?? null,
    serverMs: serverTimestamp?.getTime() ?? null,
  };
}

/** What is no number and no Boolean, nor a list of them, is nothing to us. */
function plain(value: unknown): UaValue["value"] {
  if (typeof value === "number" || typeof value === "boolean") return value;
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  return isList ? Array.from(value as ArrayLike<UaScalar>) : null;
}
