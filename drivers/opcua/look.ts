// Looks at the server of a device for a moment: does it take us, and is each node that the site names there, and what it has to be?
import type { DataValue, ReadResponse } from "node-opcua-client";
import type { DeviceLook } from "../device-look.ts";
import { identityOf } from "./identity.ts";
import { loadLibrary, uaValueOf } from "./library.ts";
import { type NamedNode, namedNodes } from "./named-nodes.ts";
import { resolved } from "./node-id.ts";
import { NO_NAMESPACE } from "./reports.ts";
import type { OpcUaDevice } from "./schema.ts";
import { type UaLink, UaSession } from "./session.ts";
import { bitOf, isGood, numberOf, statusWords, type UaValue } from "./value.ts";

/** Servers take no more in one request than they like; a hundred is little for any. */
const AT_ONCE = 100;
const COMPARE = "compare it with the server's own list";

/** @param folder the site's, absolute: where certificates and passwords are looked for */
export async function lookAtServer(device: OpcUaDevice, folder: string): Promise<DeviceLook> {
  const facts = { endpoint: device.endpoint, security: device.security.mode, nodes: null as number | null };
  // Seconds on a cold machine, and no fault of the server.
  await loadLibrary();
  const session = new Look(device, folder);
  try {
    const link = await session.link();
    const named = namedNodes(device);
    const notices = await session.answered(lookAt(named, link));
    const missing = notices.length;
    const error = missing === 0 ? null : `${missing} of ${named.length} nodes are not what the site says`;
    return { facts: { ...facts, nodes: named.length }, notices, error };
  } catch (error) {
    return { facts, notices: [], error: error instanceof Error ? error.message : String(error) };
  } finally {
    await session.end();
  }
}

/** One attempt at a session of its own, beside the controller's; a server that falls silent does not hold it. */
class Look {
  readonly #session: UaSession;
  readonly #connectMs: number;
  /** Rejects when the session has ended, or the time for it or for an answer is over. */
  readonly #over: Promise<never>;
  #fail: (error: Error) => void = () => {};
  #take: (link: UaLink) => void = () => {};
  #timer: NodeJS.Timeout | undefined;

  constructor(device: OpcUaDevice, folder: string) {
    this.#connectMs = device.connectMs;
    this.#over = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#over.catch(() => {
      // It ended while nobody asked it for anything: whoever asks next is told.
    });
    this.#session = new UaSession({
      device,
      identity: identityOf(device, folder),
      events: {
        opened: (link) => this.#take(link),
        connected: () => {},
        ended: (why) => this.#fail(new Error(why)),
      },
    });
  }

  /** @throws Error that says why there is none */
  link(): Promise<UaLink> {
    this.#within(`no session within ${this.#connectMs} ms: a server that needs longer wants a longer connectMs`);
    const link = new Promise<UaLink>((resolve) => {
      this.#take = resolve;
    });
    this.#session.connect();
    return Promise.race([link, this.#over]);
  }

  /** @throws Error when the server does not answer */
  answered<T>(answers: Promise<T>): Promise<T> {
    this.#within(`no answer within ${this.#connectMs} ms`);
    return Promise.race([answers, this.#over]);
  }

  end(): Promise<void> {
    clearTimeout(this.#timer);
    return this.#session.end();
  }

  #within(words: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(new Error(words)), this.#connectMs);
  }
}

async function lookAt(named: readonly NamedNode[], link: UaLink): Promise<DeviceLook["notices"]> {
  const notices: { code: string; text: string }[] = [];
  for (let from = 0; from < named.length; from += AT_ONCE) {
    const some = named.slice(from, from + AT_ONCE);
    const found = some.filter(({ node }) => resolved(node, link.namespaces) !== null);
    const answers = await read(found, link);
    for (const each of some) {
      const answer = answers[found.indexOf(each)];
      const trouble = answer === undefined ? NO_NAMESPACE : troubleOf(each, answer, link);
      if (trouble === null) continue;
      notices.push({ code: "nodeUnfit", text: `${each.key}: ${each.node}: ${trouble}: ${COMPARE}` });
    }
  }
  return notices;
}

interface Answer {
  nodeClass: DataValue | undefined;
  value: DataValue | undefined;
}

async function read(nodes: readonly NamedNode[], link: UaLink): Promise<Answer[]> {
  const { AttributeIds, coerceNodeId, ReadRequest, TimestampsToReturn } = link.library;
  if (nodes.length === 0) return [];
  const nodesToRead = nodes.flatMap(({ node }) => {
    const nodeId = coerceNodeId(resolved(node, link.namespaces) ?? "");
    return [
      { nodeId, attributeId: AttributeIds.NodeClass },
      { nodeId, attributeId: AttributeIds.Value },
    ];
  });
  const request = new ReadRequest({ nodesToRead, timestampsToReturn: TimestampsToReturn.Both });
  const { results } = await link.ask<ReadResponse>(request);
  return nodes.map((_, at) => ({ nodeClass: results?.[2 * at], value: results?.[2 * at + 1] }));
}

/** null: it is what it has to be, as far as can be seen. */
function troubleOf({ wants }: NamedNode, { nodeClass, value }: Answer, { library }: UaLink): string | null {
  if (nodeClass === undefined) return "the server did not answer";
  if (!isGood(nodeClass.statusCode.value)) return statusWords(nodeClass.statusCode.name);
  const { NodeClass } = library;
  const wanted =
    wants.kind === "object" ? NodeClass.Object : wants.kind === "method" ? NodeClass.Method : NodeClass.Variable;
  if (nodeClass.value.value !== wanted) return `is no ${NodeClass[wanted].toLowerCase()}`;
  if (wanted !== NodeClass.Variable || value === undefined) return null;
  const seen = uaValueOf(value);
  // A sensor that is broken just now is no mistake of whoever wrote the site.
  if (!isGood(seen.status)) return NEVER.has(seen.statusName) ? statusWords(seen.statusName) : null;
  return unfit(wants, seen, library.DataType[value.value.dataType] ?? "");
}

const NEVER: ReadonlySet<string> = new Set(["BadUserAccessDenied", "BadNotReadable", "BadAttributeIdInvalid"]);

function unfit(wants: NamedNode["wants"], { value }: UaValue, type: string): string | null {
  if (value === null) return "holds no number and no Boolean";
  switch (wants.kind) {
    case "bits":
      return bitOf(value, wants.count - 1) === null ? `is ${type}, and has no bit ${wants.count - 1}` : null;
    case "boolean":
      return typeof value === "boolean" ? null : `is ${type}, not Boolean`;
    case "number":
      return numberOf(value) !== null && type === wants.type ? null : `is ${type}, not ${wants.type}`;
    case "numbers":
      return numberOf(value, wants.least - 1) === null ? `is no array of ${wants.least} numbers` : null;
    case "object":
    case "method":
      return null;
    default:
      return wants satisfies never;
  }
}
