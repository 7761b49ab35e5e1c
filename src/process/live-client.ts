// The gateway's side of the live socket: keeps the newest state of the controller, sends hints, comes back by itself.
import { createConnection, type Socket } from "node:net";
import { folderSocket } from "./folder-socket.ts";
import { lineSplitter } from "./line-splitter.ts";
import { proofOf, readLiveKey } from "./live-key.ts";
import {
  type AnswerMessage,
  type GatewayMessage,
  greeting,
  HINT_WAYBILLS_MAX,
  type JournalHead,
  LINE_BYTES_MAX,
  type LiveState,
  readControllerMessage,
  readGreeting,
  versionFits,
} from "./live-message.ts";

export interface LiveClient {
  /** The last state that came, kept after the controller has gone, and its age now; null: none yet. */
  newest(): { state: LiveState; ageMs: number } | null;
  connected(): boolean;
  /** Why there is no connection, for people; null while there is one. */
  trouble(): string | null;
  /** False: not sent, since there is no controller (it looks anew at its start) or it reads too slowly. */
  send(message: GatewayMessage): boolean;
  /** Hints for any number of waybills, in messages the controller accepts. */
  hint(waybills: readonly { company: string; waybill: string }[]): boolean;
  close(): void;
}

export interface LiveClientOptions {
  journalFolder: string;
  onHead?(head: JournalHead): void;
  onConnect?(): void;
  onAnswer?(message: AnswerMessage): void;
  reconnectMs?: number;
}

const RECONNECT_MS = 500;
/** Hints that the controller has not read; it may be frozen, and a lost hint costs an upgrade. What keeps a parcel in is said anew. */
const QUEUED_BYTES_MAX = 1 << 20;

export function liveClient(o: LiveClientOptions): LiveClient {
  let socket: Socket | null = null;
  let greeted = false;
  let closed = false;
  let trouble: string | null = "not connected yet";
  let newest: { state: LiveState; atMs: number } | null = null;
  let retry: NodeJS.Timeout | undefined;

  const proofFor = (nonce: string): string | null => {
    try {
      const key = readLiveKey(o.journalFolder);
      if (key !== null) return proofOf(key, nonce);
      trouble = `there is no live.key in ${o.journalFolder}; a start of the controller makes one`;
    } catch (error) {
      trouble = `live.key in ${o.journalFolder} cannot be read (${(error as Error).message}): run as the controller's user or group`;
    }
    return null;
  };
  const receive = (line: string): void => {
    if (!greeted) {
      const hello = readGreeting(line);
      if (hello === null || !versionFits(hello.version)) {
        trouble = `the controller speaks version ${hello?.version ?? "?"} of the live socket, which this gateway does not`;
        socket?.destroy();
        return;
      }
      const proof = proofFor(hello.nonce ?? "");
      if (proof === null) {
        socket?.destroy();
        return;
      }
      socket?.write(greeting("gateway", { proof }));
      greeted = true;
      trouble = null;
      o.onConnect?.();
      return;
    }
    const message = readControllerMessage(line);
    if (message?.kind === "state") newest = { state: message.state, atMs: performance.now() };
    if (message?.kind === "head") o.onHead?.(message.head);
    if (message?.kind === "answer") o.onAnswer?.(message);
  };

  const connect = (): void => {
    const splitter = lineSplitter(LINE_BYTES_MAX);
    let path: string;
    try {
      path = folderSocket("live", o.journalFolder);
    } catch {
      trouble = `the journal folder ${o.journalFolder} does not exist yet`;
      again();
      return;
    }
    const mine = createConnection({ path });
    socket = mine;
    mine.on("data", (chunk: Buffer) => {
      const lines = splitter.push(chunk);
      if (lines === null) mine.destroy();
      else for (const line of lines) if (!mine.destroyed) receive(line);
    });
    mine.on("error", (error: NodeJS.ErrnoException) => {
      trouble = error.code === "ECONNREFUSED" ? "no controller is running on this journal" : error.message;
    });
    mine.on("close", () => {
      if (greeted) trouble = "the controller closed the connection";
      greeted = false;
      socket = null;
      again();
    });
  };
  const again = (): void => {
    if (closed) return;
    retry = setTimeout(connect, o.reconnectMs ?? RECONNECT_MS);
    retry.unref();
  };
  const send = (message: GatewayMessage): boolean => {
    if (socket === null || !greeted || socket.writableLength > QUEUED_BYTES_MAX) return false;
    socket.write(`${JSON.stringify(message)}\n`);
    return true;
  };

  connect();
  return {
    newest: () => (newest === null ? null : { state: newest.state, ageMs: performance.now() - newest.atMs }),
    connected: () => greeted,
    trouble: () => trouble,
    send,
    hint(waybills) {
      for (let from = 0; from < waybills.length; from += HINT_WAYBILLS_MAX) {
        if (
          !send({
            kind: "releaseHint",
            waybills: waybills.slice(from, from + HINT_WAYBILLS_MAX),
          })
        )
          return false;
      }
      return true;
    },
    close() {
      closed = true;
      clearTimeout(retry);
      socket?.destroy();
    },
  };
}
