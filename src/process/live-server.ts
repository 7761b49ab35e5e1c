// The controller's side of the live socket: newest state out, messages in; never waits for a peer, never grows for one.
import { createServer, type Socket } from "node:net";
import { folderSocket } from "./folder-socket.ts";
import { lineSplitter } from "./line-splitter.ts";
import { ensureLiveKey, freshNonce, isProof } from "./live-key.ts";
import {
  type ControllerMessage,
  type GatewayMessage,
  greeting,
  type JournalHead,
  LINE_BYTES_MAX,
  type LiveState,
  readGatewayMessage,
  readGreeting,
  versionFits,
} from "./live-message.ts";

export interface LiveServer {
  /**
   * Offers a newer state. It is made and written once, only for peers that have taken the one before; the others get
   * the newest when they have. Costs nothing without a peer.
   */
  publish(make: () => LiveState): void;
  /** Announces the chain head of what is durable; conflated like the state. */
  head(head: JournalHead): void;
  readonly counts: Readonly<{
    peers: number;
    refused: number;
    droppedSlow: number;
    badLines: number;
  }>;
  close(): Promise<void>;
}

export interface LiveServerOptions {
  journalFolder: string;
  /** Called on the main loop, one message at a time. `reply` may be called later; a peer that has gone hears nothing. */
  onMessage(message: GatewayMessage, reply: (message: ControllerMessage) => void): void;
  /** A peer that has not taken a state for so long is dropped. */
  slowAfterMs?: number;
}

/** The gateway, and a person with a terminal or two; further ones are closed at once. */
const PEERS_MAX = 4;
/** Beside one state; a peer that leaves so many answers unread is dropped. */
const ANSWERS_BYTES_MAX = 2 * LINE_BYTES_MAX;
const SLOW_AFTER_MS = 5000;
/** A peer that connects and says nothing must not keep a place. */
const GREETING_WITHIN_MS = 2000;

interface Peer {
  socket: Socket;
  /** It has shown that it can read the journal folder. */
  greeted: boolean;
  nonce: string;
  /** Since when it has something unread; null: it has taken all. */
  waitingSinceMs: number | null;
  wantsState: boolean;
  wantsHead: boolean;
}

/**
 * Listens on the abstract socket named by the journal folder; reachable from this machine only. Whoever cannot read that
 * folder is told the version and nothing else.
 * @throws when the folder's key can be neither read nor made, or the socket is taken
 */
export async function liveServer(o: LiveServerOptions): Promise<LiveServer> {
  const key = ensureLiveKey(o.journalFolder);
  const slowAfterMs = o.slowAfterMs ?? SLOW_AFTER_MS;
  const peers = new Set<Peer>();
  const counts = { peers: 0, refused: 0, droppedSlow: 0, badLines: 0 };
  let newestState: (() => LiveState) | null = null;
  let newestHead: JournalHead | null = null;

  const drop = (peer: Peer): void => {
    peers.delete(peer);
    counts.peers = peers.size;
    peer.socket.destroy();
  };
  /** Writes only what the peer waits for, and only when its buffer is empty: what is queued for it is one of each. */
  const serve = (peer: Peer, state: () => string): void => {
    if (!peer.greeted) return;
    if (peer.socket.writableLength > 0) {
      peer.waitingSinceMs ??= performance.now();
      if (performance.now() - peer.waitingSinceMs < slowAfterMs) return;
      counts.droppedSlow += 1;
      drop(peer);
      return;
    }
    peer.waitingSinceMs = null;
    if (peer.wantsHead && newestHead !== null) peer.socket.write(encode({ kind: "head", head: newestHead }));
    if (peer.wantsState && newestState !== null) peer.socket.write(state());
    peer.wantsHead = false;
    peer.wantsState = false;
  };
  const newestStateLine = (): string => (newestState === null ? "" : encode({ kind: "state", state: newestState() }));

  /** One for each message that asked, so that a peer can only fill its own place. */
  const answer = (peer: Peer, message: ControllerMessage): void => {
    if (!peers.has(peer)) return;
    if (peer.socket.writableLength <= ANSWERS_BYTES_MAX) {
      peer.socket.write(encode(message));
      return;
    }
    counts.droppedSlow += 1;
    drop(peer);
  };

  const receive = (peer: Peer, line: string): void => {
    if (!peer.greeted) {
      const hello = readGreeting(line);
      // Our own greeting has told it our version.
      if (hello === null || !versionFits(hello.version) || !isProof(key, peer.nonce, hello.proof)) {
        counts.refused += 1;
        drop(peer);
        return;
      }
      peer.greeted = true;
      serve(peer, newestStateLine);
      return;
    }
    const message = readGatewayMessage(line);
    if (message === null) counts.badLines += 1;
    else o.onMessage(message, (reply) => answer(peer, reply));
  };

  const server = createServer((socket) => {
    if (peers.size >= PEERS_MAX) {
      counts.refused += 1;
      socket.destroy();
      return;
    }
    const peer: Peer = {
      socket,
      greeted: false,
      nonce: freshNonce(),
      waitingSinceMs: null,
      wantsState: true,
      wantsHead: true,
    };
    const splitter = lineSplitter(LINE_BYTES_MAX);
    peers.add(peer);
    counts.peers = peers.size;
    socket.write(greeting("controller", { nonce: peer.nonce }));
    socket.setTimeout(GREETING_WITHIN_MS, () => peer.greeted || drop(peer));
    socket.on("data", (chunk: Buffer) => {
      const lines = splitter.push(chunk);
      if (lines === null) {
        counts.badLines += 1;
        drop(peer);
        return;
      }
      for (const line of lines) if (peers.has(peer)) receive(peer, line);
    });
    socket.on("drain", () => serve(peer, newestStateLine));
    socket.on("close", () => drop(peer));
    socket.on("error", () => drop(peer));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path: folderSocket("live", o.journalFolder) }, resolve);
  });
  server.on("error", () => {
    // Accepting failed (out of descriptors, for instance): the line goes on, and the gateway tries again.
    counts.refused += 1;
  });

  return {
    counts,
    publish(make) {
      newestState = make;
      if (peers.size === 0) return;
      let line: string | null = null;
      for (const peer of peers) {
        peer.wantsState = true;
        serve(peer, () => {
          line ??= newestStateLine();
          return line;
        });
      }
    },
    head(head) {
      newestHead = head;
      for (const peer of peers) {
        peer.wantsHead = true;
        if (peer.socket.writableLength > 0 || !peer.greeted) continue;
        peer.wantsHead = false;
        peer.socket.write(encode({ kind: "head", head }));
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const peer of peers) drop(peer);
      }),
  };
}

const encode = (message: ControllerMessage): string => `${JSON.stringify(message)}\n`;
