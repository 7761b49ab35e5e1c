// The slow signals that a server reports by itself: one subscription, kept, transferred or made anew, and never believed for long.
import type {
  CreateMonitoredItemsResponse,
  CreateSubscriptionResponse,
  DataValue,
  PublishResponse,
  ReadResponse,
  TransferSubscriptionsResponse,
} from "node-opcua-client";
import { uaValueOf } from "./library.ts";
import { resolved } from "./node-id.ts";
import type { OpcUaDevice } from "./schema.ts";
import type { UaLink } from "./session.ts";
import { isGood, type Judged, judged, statusWords, type UaValue } from "./value.ts";

/** Answered by the server when there is news; two, so that one lies there while the other is on its way. */
const PUBLISHES_OUT = 2;
/** Signs of life in the time after which the reports count as lost. */
const KEEP_ALIVES = 3;
/** The library forgets a publish request after this time; the server answers each long before. */
const FORGET_FACTOR = 4;

export class UaReports {
  readonly #nodes: readonly string[];
  readonly #settings: OpcUaDevice["subscription"];
  readonly #sessionTimeoutMs: number;
  readonly #nowNs: () => number;
  readonly #seen = new Map<string, UaValue>();
  /** Nodes that the server does not report, and why. */
  readonly #refused = new Map<string, string>();
  #askedNs = Number.NEGATIVE_INFINITY;
  #subscriptionId: number | null = null;
  #link: UaLink | null = null;
  /** The server has spoken last. */
  #heardNs = Number.NEGATIVE_INFINITY;
  #acknowledge: { subscriptionId: number; sequenceNumber: number }[] = [];
  #isRemaking = false;
  /** Subscriptions made so far, and taken over into another session. */
  made = 0;
  transferred = 0;

  constructor(o: { nodes: readonly string[]; device: OpcUaDevice; nowNs: () => number }) {
    this.#nodes = o.nodes;
    this.#settings = o.device.subscription;
    this.#sessionTimeoutMs = o.device.sessionTimeoutMs;
    this.#nowNs = o.nowNs;
  }

  /** A node that the server does not report is unknown, and nothing else. @throws Error when it takes no subscription */
  async opened(link: UaLink, o: { isKept: boolean }): Promise<void> {
    this.#link = link;
    this.#acknowledge = [];
    if (this.#nodes.length === 0) return;
    if (!o.isKept && !(await this.#transferred(link))) await this.#make(link);
    // What changed while nobody listened is known at once; what the server had queued comes after it.
    await this.#read(link);
    for (let i = 0; i < PUBLISHES_OUT; i += 1) this.#publish(link);
  }

  lost(): void {
    this.#link = null;
    this.#seen.clear();
  }

  step(): void {
    const link = this.#link;
    if (link === null || this.#nodes.length === 0 || this.#isRemaking) return;
    // Silence of a server that should have given a sign of life: the subscription is gone, whatever the link does.
    if (this.#isSilent()) this.#beside(this.#remake(link));
    // A program may publish its variables later than its server begins to listen.
    else if (this.#refused.size > 0 && this.#isLongAgo(this.#askedNs)) this.#beside(this.#askAgain(link));
  }

  async #remake(link: UaLink): Promise<void> {
    this.#seen.clear();
    await this.#make(link);
    await this.#read(link);
    this.#publish(link);
  }

  async #askAgain(link: UaLink): Promise<void> {
    await this.#monitor(link, [...this.#refused.keys()]);
    await this.#read(link);
  }

  /** One at a time; what fails is found again by the next step. */
  #beside(work: Promise<void>): void {
    this.#isRemaking = true;
    work
      .catch(() => {
        // Whatever it was about is unknown as before.
      })
      .finally(() => {
        this.#isRemaking = false;
      });
  }

  look(node: string): Judged {
    if (this.#isSilent()) return { isKnown: false, why: `not reported for ${this.#settings.lostAfterMs} ms` };
    const why = this.#refused.get(node);
    if (why !== undefined) return { isKnown: false, why };
    const seen = this.#seen.get(node);
    if (seen === undefined) return { isKnown: false, why: "not reported yet" };
    // Reported when it changes, so that its age says nothing.
    return judged(seen, { staleMs: null });
  }

  #isSilent(): boolean {
    return this.#isLongAgo(this.#heardNs);
  }

  #isLongAgo(atNs: number): boolean {
    return this.#nowNs() - atNs > this.#settings.lostAfterMs * 1e6;
  }

  async #transferred(link: UaLink): Promise<boolean> {
    const id = this.#subscriptionId;
    if (id === null) return false;
    const { TransferSubscriptionsRequest } = link.library;
    const request = new TransferSubscriptionsRequest({ subscriptionIds: [id], sendInitialValues: true });
    const refused = (): null => null; // Another is made then.
    const response = await link.ask<TransferSubscriptionsResponse>(request).catch(refused);
    const status = response?.results?.[0]?.statusCode.value;
    const isTaken = status !== undefined && isGood(status);
    this.transferred += isTaken ? 1 : 0;
    if (!isTaken) this.#subscriptionId = null;
    return isTaken;
  }

  async #make(link: UaLink): Promise<void> {
    const { CreateSubscriptionRequest } = link.library;
    const { publishMs, lostAfterMs } = this.#settings;
    const keepAlive = Math.max(1, Math.floor(lostAfterMs / KEEP_ALIVES / publishMs));
    const lifetime = Math.max(3 * keepAlive, Math.ceil(this.#sessionTimeoutMs / publishMs));
    const subscription = await link.ask<CreateSubscriptionResponse>(
      new CreateSubscriptionRequest({
        requestedPublishingInterval: publishMs,
        requestedLifetimeCount: lifetime,
        requestedMaxKeepAliveCount: keepAlive,
        publishingEnabled: true,
      }),
    );
    this.#subscriptionId = subscription.subscriptionId;
    await this.#monitor(link, this.#nodes);
    this.made += 1;
    this.#heardNs = this.#nowNs();
  }

  async #monitor(link: UaLink, nodes: readonly string[]): Promise<void> {
    const { AttributeIds, coerceNodeId, CreateMonitoredItemsRequest, MonitoringMode, TimestampsToReturn } =
      link.library;
    const { samplingMs, queueSize } = this.#settings;
    const subscriptionId = this.#subscriptionId ?? 0;
    this.#askedNs = this.#nowNs();
    const wanted = nodes.flatMap((node) => {
      const id = resolved(node, link.namespaces);
      if (id === null) this.#refused.set(node, NO_NAMESPACE);
      return id === null ? [] : [{ node, id }];
    });
    if (wanted.length === 0) return;
    const itemsToCreate = wanted.map(({ node, id }) => ({
      itemToMonitor: { nodeId: coerceNodeId(id), attributeId: AttributeIds.Value },
      monitoringMode: MonitoringMode.Reporting,
      requestedParameters: {
        ...{ clientHandle: this.#nodes.indexOf(node), samplingInterval: samplingMs },
        ...{ queueSize, discardOldest: true },
      },
    }));
    const timestampsToReturn = TimestampsToReturn.Both;
    const { results } = await link.ask<CreateMonitoredItemsResponse>(
      new CreateMonitoredItemsRequest({ subscriptionId, itemsToCreate, timestampsToReturn }),
    );
    for (const [index, { node }] of wanted.entries()) {
      const status = results?.[index]?.statusCode;
      if (status !== undefined && isGood(status.value)) this.#refused.delete(node);
      else this.#refused.set(node, statusWords(status?.name ?? "no status"));
    }
  }

  async #read(link: UaLink): Promise<void> {
    const { AttributeIds, ReadRequest, TimestampsToReturn } = link.library;
    const nodes = this.#nodes.filter((node) => !this.#refused.has(node));
    if (nodes.length > 0) {
      const nodesToRead = nodes.map((node) => ({
        nodeId: link.library.coerceNodeId(inServer(node, link)),
        attributeId: AttributeIds.Value,
      }));
      const request = new ReadRequest({ nodesToRead, timestampsToReturn: TimestampsToReturn.Both });
      const { results } = await link.ask<ReadResponse>(request);
      for (const [index, node] of nodes.entries()) this.#report(node, results?.[index]);
    }
    this.#heardNs = this.#nowNs();
  }

  #publish(link: UaLink): void {
    if (this.#link !== link) return;
    const { PublishRequest } = link.library;
    const subscriptionAcknowledgements = this.#acknowledge;
    this.#acknowledge = [];
    const request = new PublishRequest({
      requestHeader: { timeoutHint: FORGET_FACTOR * this.#settings.lostAfterMs },
      subscriptionAcknowledgements,
    });
    link.send(request, (outcome) => {
      if (this.#link !== link) return;
      // A server that refuses publishing is found silent, and the subscription is made anew then.
      if (outcome.kind !== "response") return;
      this.#take(link, outcome.response as PublishResponse);
      this.#publish(link);
    });
  }

  #take(link: UaLink, { subscriptionId, notificationMessage }: PublishResponse): void {
    if (subscriptionId !== this.#subscriptionId) return;
    this.#heardNs = this.#nowNs();
    const { sequenceNumber, notificationData } = notificationMessage;
    if ((notificationData ?? []).length > 0) this.#acknowledge.push({ subscriptionId, sequenceNumber });
    for (const data of notificationData ?? []) {
      // The server has dropped the subscription: silence, and not only for a while.
      if (data instanceof link.library.StatusChangeNotification) this.#heardNs = Number.NEGATIVE_INFINITY;
      if (!(data instanceof link.library.DataChangeNotification)) continue;
      for (const item of data.monitoredItems ?? []) {
        const node = this.#nodes[item.clientHandle];
        if (node !== undefined) this.#report(node, item.value);
      }
    }
  }

  #report(node: string, value: DataValue | undefined): void {
    if (value !== undefined) this.#seen.set(node, uaValueOf(value));
  }
}

export const NO_NAMESPACE = "the server has no such namespace";

/** @throws Error when the server does not have the namespace */
export function inServer(node: string, { namespaces }: Pick<UaLink, "namespaces">): string {
  const found = resolved(node, namespaces);
  if (found === null) throw new Error(`the server has no namespace for ${node}`);
  return found;
}
