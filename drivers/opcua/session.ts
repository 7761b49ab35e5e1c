// Keeps one session at an OPC UA server over broken connections: connects, takes the session up again or makes a new one.
import type { ClientSession, OPCUAClient, OPCUAClientOptions, UserIdentityInfo } from "node-opcua-client";
import type { Identity } from "./identity.ts";
import { knock } from "./knock.ts";
import { type Channel, guardSocket, type Library, loadLibrary, onChannel, resetSocket } from "./library.ts";
import type { OpcUaDevice } from "./schema.ts";
import { type Transaction, transact, type UaRequest } from "./transaction.ts";

export interface UaSessionEvents {
  /** The session stands. `isKept`: it is the one of before, with its subscriptions. */
  opened(link: UaLink, isKept: boolean): Promise<void> | void;
  connected(): void;
  /** Once for each attempt or connection that ends by itself; not after `reset`. */
  ended(why: string): void;
}

/** One connection, as long as it stands. */
export interface UaLink {
  readonly library: Library;
  /** The server's namespaces, by index. */
  readonly namespaces: readonly string[];
  /** On the wire before this returns. Calls back once at most, and not after the link has ended. */
  send(request: UaRequest, done: (outcome: Transaction) => void): void;
  /** The server answers; as a promise, for what is done once after connecting. @throws Error for anything but good */
  ask<T>(request: UaRequest): Promise<T>;
}

interface Attempt {
  /** Aborts while nothing but a knock has gone out. */
  readonly ended: AbortController;
  client: OPCUAClient | null;
  channel: Channel | null;
  isOpen: boolean;
}

/**
 * Requests of ours have deadlines of their own, far below. An answer to a request that the library has forgotten makes it
 * throw, so that it forgets none while anything may still come.
 */
const FORGET_AFTER_MS = 3_600_000;

/**
 * The least that the specification lets a side offer (OPC 10000-6, 7.1.2.3). The library takes a buffer of this size for each
 * request; with its own 64 kB the collector of garbage took a fifth of a controller's time.
 */
const CHUNK_BYTES = 8192;

export class UaSession {
  readonly #device: OpcUaDevice;
  readonly #identity: Identity;
  readonly #events: UaSessionEvents;
  #attempt: Attempt | null = null;
  /** Taken up again by the next connection; null: there is none, or the server does not know it any more. */
  #session: ClientSession | null = null;
  /** Sessions made so far. */
  made = 0;

  constructor(o: { device: OpcUaDevice; identity: Identity; events: UaSessionEvents }) {
    this.#device = o.device;
    this.#identity = o.identity;
    this.#events = o.events;
  }

  /** Returns at once. */
  connect(): void {
    const attempt: Attempt = { ended: new AbortController(), client: null, channel: null, isOpen: false };
    this.#attempt = attempt;
    this.#open(attempt).catch((error: unknown) => {
      if (this.#attempt !== attempt) return;
      this.#drop(attempt);
      this.#events.ended(reasonOf(error));
    });
  }

  /** Nothing of this connection is sent or heard any more. The session is kept for the next. */
  reset(): void {
    if (this.#attempt !== null) this.#drop(this.#attempt);
  }

  /** Says good-bye to the server, within a moment, so that the session does not lie there until it times out. */
  async end(withinMs = 200): Promise<void> {
    const attempt = this.#attempt;
    const session = this.#session;
    if (attempt?.isOpen === true && session !== null) {
      attempt.isOpen = false;
      await within(withinMs, new Promise<void>((resolve) => session.close(true, () => resolve())));
    }
    this.#session = null;
    this.reset();
    await this.#identity.close();
  }

  /** The server does not know the session: the next connection makes a new one. */
  forgetSession(): void {
    this.#session = null;
  }

  async #open(attempt: Attempt): Promise<void> {
    const library = await loadLibrary();
    const { options, user } = await this.#identity.open(library);
    this.#mustStand(attempt);
    await knock(this.#device.endpoint, attempt.ended.signal);
    this.#mustStand(attempt);
    const client = library.OPCUAClient.create({ ...this.#options(library), ...options });
    attempt.client = client;
    onChannel(client, (channel) => {
      attempt.channel = channel;
      // Its attempt was reset while the library was busy.
      if (this.#attempt !== attempt) resetSocket(channel);
    });
    client.on("close", (error?: Error | null) => this.#closed(attempt, error));
    await client.connect(this.#device.endpoint);
    this.#mustStand(attempt);
    const isKept = await this.#takeUp(client, user);
    this.#mustStand(attempt);
    if (attempt.channel !== null) guardSocket(attempt.channel, (error) => this.#nonsense(attempt, error));
    const link = await this.#link(attempt, library);
    await this.#events.opened(link, isKept);
    this.#mustStand(attempt);
    attempt.isOpen = true;
    this.#events.connected();
  }

  #options(library: Library): OPCUAClientOptions {
    const { security, sessionTimeoutMs, id } = this.#device;
    const isSecure = security.mode !== "none";
    const { MessageSecurityMode, SecurityPolicy } = library;
    return {
      applicationName: "Coline",
      clientName: `coline ${id}`,
      securityMode: isSecure ? MessageSecurityMode.SignAndEncrypt : MessageSecurityMode.None,
      securityPolicy: isSecure ? SecurityPolicy.Basic256Sha256 : SecurityPolicy.None,
      // The library's own reconnection queues writes and carries them out when the link is back.
      connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
      endpointMustExist: false,
      keepSessionAlive: false,
      keepPendingSessionsOnDisconnect: true,
      requestedSessionTimeout: sessionTimeoutMs,
      defaultTransactionTimeout: FORGET_AFTER_MS,
      transportSettings: { sendBufferSize: CHUNK_BYTES, receiveBufferSize: CHUNK_BYTES },
    };
  }

  /** True: the session of before goes on, with its subscriptions. */
  async #takeUp(client: OPCUAClient, user: UserIdentityInfo): Promise<boolean> {
    const before = this.#session;
    this.#session = null;
    if (before !== null) {
      try {
        await client.reactivateSession(before);
        this.#session = before;
        return true;
      } catch {
        // The server does not know it any more, or not over this channel; a new one serves as well.
      }
    }
    this.#session = await client.createSession(user);
    this.made += 1;
    return false;
  }

  async #link(attempt: Attempt, library: Library): Promise<UaLink> {
    const { channel } = attempt;
    const session = this.#session;
    if (channel === null || session === null) throw new Error("no session");
    const send: UaLink["send"] = (request, done) => {
      if (this.#attempt !== attempt) return;
      transact({ channel, session, request }, (outcome) => {
        if (this.#attempt === attempt) done(outcome);
      });
    };
    const ask = <T>(request: UaRequest): Promise<T> =>
      new Promise((resolve, reject) =>
        send(request, (outcome) =>
          outcome.kind === "response"
            ? resolve(outcome.response as T)
            : reject(new Error(outcome.kind === "fault" ? outcome.status.name : outcome.why)),
        ),
      );
    const namespaces = await readNamespaces(library, ask);
    return { library, namespaces, send, ask };
  }

  /** Nothing that a server sends may end this process. */
  #nonsense(attempt: Attempt, error: unknown): void {
    if (this.#attempt !== attempt) return;
    this.#drop(attempt);
    this.#events.ended(`the server sent something that makes no sense: ${reasonOf(error)}`);
  }

  #closed(attempt: Attempt, error: Error | null | undefined): void {
    // While it connects, the attempt's own promise tells why it failed.
    if (this.#attempt !== attempt || !attempt.isOpen) return;
    this.#drop(attempt);
    this.#events.ended(error?.message ?? "closed by the server");
  }

  #mustStand(attempt: Attempt): void {
    if (this.#attempt === attempt) return;
    release(attempt);
    throw new Error("given up");
  }

  #drop(attempt: Attempt): void {
    this.#attempt = null;
    attempt.isOpen = false;
    release(attempt);
  }
}

/** The socket first, so that nothing polite can hang on a dead link. */
function release({ ended, client, channel }: Attempt): void {
  ended.abort();
  if (channel !== null) resetSocket(channel);
  client?.disconnect().catch(() => {
    // It was cut off before: there is nobody to say good-bye to.
  });
}

async function readNamespaces(library: Library, ask: UaLink["ask"]): Promise<string[]> {
  const { AttributeIds, ReadRequest, resolveNodeId } = library;
  const nodesToRead = [{ nodeId: resolveNodeId("Server_NamespaceArray"), attributeId: AttributeIds.Value }];
  const { results } = await ask<InstanceType<Library["ReadResponse"]>>(new ReadRequest({ nodesToRead }));
  const names: unknown = results?.[0]?.value.value;
  return Array.isArray(names) ? names.map(String) : [];
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** The library's messages run over several lines. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").trim().slice(0, 300);
