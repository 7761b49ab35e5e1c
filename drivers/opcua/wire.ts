// The wire below a device's machine: its requests as OPC UA services over one session, and the answers back.
import type { CallResponse, DataValue, NodeId, ReadResponse, WriteResponse } from "node-opcua-client";
import type { MachineWire, MachineWireEvents } from "../buses/machine-port.ts";
import type { BusReply, BusRequest } from "../buses/request.ts";
import type { Identity } from "./identity.ts";
import type { Look, UaImage } from "./image.ts";
import { uaValueOf } from "./library.ts";
import { resolved } from "./node-id.ts";
import type { NodeTable } from "./node-table.ts";
import { operationOf, refusal, type UaOperation, type UaWrite } from "./operation.ts";
import { outcomeOf, type UaStatus } from "./outcome.ts";
import { inServer, NO_NAMESPACE, UaReports } from "./reports.ts";
import type { OpcUaDevice } from "./schema.ts";
import { type UaLink, UaSession } from "./session.ts";
import type { Transaction, UaRequest } from "./transaction.ts";
import { type Judged, judged, NO_NODE } from "./value.ts";

export interface OpcUaWireOptions {
  device: OpcUaDevice;
  table: NodeTable;
  image: UaImage;
  identity: Identity;
  events: MachineWireEvents;
  nowNs: () => number;
}

/** The server has no session of ours any more: the next connection makes another. */
const SESSION_LOST: ReadonlySet<number> = new Set([
  0x8025_0000, // BadSessionIdInvalid
  0x8026_0000, // BadSessionClosed
  0x8027_0000, // BadSessionNotActivated
]);

type Service = Exclude<UaOperation, { kind: "none" }>;

type Prepared = { kind: "service"; request: UaRequest } | { kind: "answer"; reply: () => BusReply };

const NOT_READ: Judged = { isKnown: false, why: "not read" };
/** What somebody has to do about a node that is not there. */
const REMEDY = " (compare its name with the server's: coline check SITE --devices)";
const NOWHERE: Judged = { isKnown: false, why: NO_NAMESPACE };

export class OpcUaWire implements MachineWire {
  readonly #options: OpcUaWireOptions;
  readonly #session: UaSession;
  readonly #reports: UaReports;
  #link: UaLink | null = null;
  /** Polls ask the same again and again. */
  #operations = new WeakMap<BusRequest, UaOperation>();
  /** By node as the site names it; made anew with each connection, since namespaces may move. Null: it has no such namespace. */
  #nodeIds = new Map<string, NodeId | null>();
  #told = "";

  constructor(options: OpcUaWireOptions) {
    this.#options = options;
    const { device, identity, events, table, nowNs } = options;
    this.#reports = new UaReports({ nodes: table.reported, device, nowNs });
    this.#session = new UaSession({
      device,
      identity,
      events: {
        opened: async (link, isKept) => {
          this.#nodeIds = new Map();
          await this.#reports.opened(link, { isKept });
          this.#link = link;
        },
        connected: events.connected,
        ended: (why) => {
          this.#lost();
          events.ended(why);
        },
      },
    });
  }

  /** Sessions and subscriptions that were made; those that were taken over instead. */
  get counts(): { sessions: number; subscriptions: number; transferred: number } {
    return { sessions: this.#session.made, subscriptions: this.#reports.made, transferred: this.#reports.transferred };
  }

  connect(): void {
    this.#session.connect();
  }

  reset(): void {
    this.#lost();
    this.#session.reset();
  }

  end(): Promise<void> {
    this.#lost();
    return this.#session.end();
  }

  send(tag: number, request: BusRequest): void {
    const link = this.#link;
    if (link === null) return;
    this.#reports.step();
    const operation = this.#operationOf(request);
    const service = this.#prepared(operation, link);
    if (service.kind === "service")
      return link.send(service.request, (outcome) => this.#answered(tag, operation, outcome));
    // Answered in a later turn, as everything on a wire is.
    queueMicrotask(() => {
      if (this.#link === link) this.#options.events.reply(tag, service.reply());
    });
  }

  #answered(tag: number, operation: UaOperation, outcome: Transaction): void {
    const { events } = this.#options;
    // Silence, as far as the machine is concerned: its own deadline says when it is too long.
    if (outcome.kind === "unanswered" || operation.kind === "none") return;
    events.reply(
      tag,
      outcome.kind === "fault" ? faultOf(operation, outcome.status) : this.#replyOf(operation, outcome),
    );
    if (outcome.kind !== "fault" || !SESSION_LOST.has(outcome.status.status)) return;
    this.#session.forgetSession();
    this.reset();
    events.ended(`the server has ended the session: ${outcome.status.name}`);
  }

  #replyOf(operation: Service, outcome: { response: unknown }): BusReply {
    switch (operation.kind) {
      case "read":
        return this.#readReply(operation, (outcome.response as ReadResponse).results ?? []);
      case "write": {
        const { results } = outcome.response as WriteResponse;
        const statuses = (results ?? []).map(({ value, name }): UaStatus => ({ status: value, name }));
        return outcomeOf(statuses.length === operation.writes.length ? statuses : []);
      }
      case "call": {
        const result = (outcome.response as CallResponse).results?.[0];
        return outcomeOf(
          result === undefined ? [] : [{ status: result.statusCode.value, name: result.statusCode.name }],
        );
      }
      default:
        return operation satisfies never;
    }
  }

  #readReply(operation: Extract<UaOperation, { kind: "read" }>, results: readonly DataValue[]): BusReply {
    const { staleMs } = this.#options.device;
    const read = new Map<string, Judged>();
    let index = 0;
    for (const node of operation.nodes) {
      if (this.#nodeIds.get(node) === null) {
        read.set(node, NOWHERE);
        continue;
      }
      const seen = results[index];
      index += 1;
      read.set(node, seen === undefined ? NOT_READ : judged(uaValueOf(seen), { staleMs }));
    }
    const look: Look = ({ node, isReported }) => (isReported ? this.#reports.look(node) : (read.get(node) ?? NOT_READ));
    const reply = operation.reply(look);
    this.#tellUnknown();
    return reply;
  }

  /** Once for each change of what is unknown. */
  #tellUnknown(): void {
    const { unknown } = this.#options.image;
    const text = unknown.size === 0 ? "" : [...unknown].map(([node, why]) => `${node}: ${why}`).join("; ");
    if (text === this.#told) return;
    this.#told = text;
    if (text === "") return;
    const remedy = text.includes(NO_NODE) || text.includes(NO_NAMESPACE) ? REMEDY : "";
    this.#options.events.noticed(`not known: ${text.slice(0, 500)}${remedy}`);
  }

  #operationOf(request: BusRequest): UaOperation {
    let operation = this.#operations.get(request);
    if (operation === undefined) {
      operation = operationOf(request, this.#options);
      this.#operations.set(request, operation);
    }
    return operation;
  }

  /** What goes out, or the answer where nothing does. */
  #prepared(operation: UaOperation, link: UaLink): Prepared {
    if (operation.kind === "none") return { kind: "answer", reply: () => refusal(operation.why) };
    try {
      if (operation.kind !== "read") return { kind: "service", request: this.#serviceOf(operation, link) };
      const nodeIds = this.#found(operation.nodes, link);
      if (nodeIds.length === 0) return { kind: "answer", reply: () => this.#readReply(operation, []) };
      return { kind: "service", request: readOf(nodeIds, link) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { kind: "answer", reply: () => refusal(why) };
    }
  }

  #serviceOf(operation: Exclude<Service, { kind: "read" }>, link: UaLink): UaRequest {
    const { AttributeIds, CallRequest, DataType, WriteRequest } = link.library;
    switch (operation.kind) {
      case "write":
        return new WriteRequest({
          nodesToWrite: operation.writes.map((write) => ({
            nodeId: this.#nodeId(write.node, link),
            attributeId: AttributeIds.Value,
            value: { value: variantOf(write, link) },
          })),
        });
      case "call":
        return new CallRequest({
          methodsToCall: [
            {
              objectId: this.#nodeId(operation.object, link),
              methodId: this.#nodeId(operation.method, link),
              inputArguments: operation.args.map((value) => ({ dataType: DataType.UInt32, value })),
            },
          ],
        });
      default:
        return operation satisfies never;
    }
  }

  /** @throws Error when the server does not have the namespace */
  #nodeId(node: string, link: UaLink): NodeId {
    return this.#findNode(node, link) ?? link.library.coerceNodeId(inServer(node, link));
  }

  /** Those that have a name in this server; what is missing is unknown, and nothing else. */
  #found(nodes: readonly string[], link: UaLink): NodeId[] {
    return nodes.flatMap((node) => this.#findNode(node, link) ?? []);
  }

  #findNode(node: string, link: UaLink): NodeId | null {
    let id = this.#nodeIds.get(node);
    if (id === undefined) {
      const name = resolved(node, link.namespaces);
      id = name === null ? null : link.library.coerceNodeId(name);
      this.#nodeIds.set(node, id);
    }
    return id;
  }

  #lost(): void {
    this.#link = null;
    this.#reports.lost();
  }
}

function readOf(nodeIds: readonly NodeId[], { library }: UaLink): UaRequest {
  const { AttributeIds, ReadRequest, TimestampsToReturn } = library;
  return new ReadRequest({
    maxAge: 0,
    timestampsToReturn: TimestampsToReturn.Both,
    nodesToRead: nodeIds.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value })),
  });
}

/** A fault of the service as a whole: a read is refused, a command is judged as by its own status. */
const faultOf = (operation: UaOperation, status: UaStatus): BusReply =>
  operation.kind === "read" ? refusal(status.name) : outcomeOf([status]);

function variantOf({ type, value }: UaWrite, { library }: UaLink) {
  const { DataType, Variant, VariantArrayType } = library;
  const dataType = DataType[type];
  if (typeof value !== "object") return new Variant({ dataType, value });
  return new Variant({ dataType, arrayType: VariantArrayType.Array, value: Uint32Array.from(value) });
}
