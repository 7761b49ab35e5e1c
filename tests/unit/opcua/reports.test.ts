// Signals that a server reports by itself: one that it does not have is unknown, keeps nothing else back, and is asked for again.
import { expect, test } from "vitest";
import type { Library } from "../../../drivers/opcua/library.ts";
import { UaReports } from "../../../drivers/opcua/reports.ts";
import { opcUaDeviceSchema } from "../../../drivers/opcua/schema.ts";
import type { UaLink } from "../../../drivers/opcua/session.ts";
import type { Transaction, UaRequest } from "../../../drivers/opcua/transaction.ts";

const LOST_MS = 1000;
const AIR = "nsu=urn:line;s=Air";
const AUTO = "nsu=urn:line;s=Auto";
const ELSEWHERE = "nsu=urn:elsewhere;s=Air";

const device = opcUaDeviceSchema.parse({
  id: "plc1",
  driver: "opcua",
  endpoint: "opc.tcp://127.0.0.1:4840",
  security: { mode: "none" },
  subscription: { lostAfterMs: LOST_MS },
});

/** As the library's: what it is made of is in it. */
class Message {
  constructor(values: object) {
    Object.assign(this, values);
  }
}
class CreateSubscriptionRequest extends Message {}
class CreateMonitoredItemsRequest extends Message {}
class ReadRequest extends Message {}

const library = {
  ...{ AttributeIds: { Value: 13 }, MonitoringMode: { Reporting: 2 }, TimestampsToReturn: { Both: 2 } },
  ...{ CreateSubscriptionRequest, CreateMonitoredItemsRequest, ReadRequest, PublishRequest: Message },
  ...{ StatusChangeNotification: class {}, DataChangeNotification: class {} },
  coerceNodeId: (id: string) => id,
} as unknown as Library;

const GOOD = { value: 0, name: "Good" };
const UNKNOWN = { value: 0x8034_0000, name: "BadNodeIdUnknown" };

/** A server that has these nodes; its clock is in the test's hand. */
function server(...has: string[]) {
  const known = new Set(has);
  const asked: string[][] = [];
  const publishes: ((outcome: Transaction) => void)[] = [];
  const answer = (request: UaRequest): unknown => {
    if (request instanceof CreateSubscriptionRequest) return { subscriptionId: 1 };
    if (request instanceof CreateMonitoredItemsRequest) {
      const { itemsToCreate } = request as unknown as { itemsToCreate: { itemToMonitor: { nodeId: string } }[] };
      asked.push(itemsToCreate.map(({ itemToMonitor }) => itemToMonitor.nodeId));
      return {
        results: itemsToCreate.map(({ itemToMonitor }) => ({
          statusCode: known.has(itemToMonitor.nodeId) ? GOOD : UNKNOWN,
        })),
      };
    }
    const { nodesToRead } = request as unknown as { nodesToRead: object[] };
    return { results: nodesToRead.map(() => ({ statusCode: GOOD, value: { value: true } })) };
  };
  const link: UaLink = {
    library,
    namespaces: ["http://opcfoundation.org/UA/", "urn:line"],
    send: (_, done) => void publishes.push(done),
    ask: async <T>(request: UaRequest) => answer(request) as T,
  };
  const live = (): void => {
    const response = { subscriptionId: 1, notificationMessage: { sequenceNumber: 1, notificationData: [] } };
    publishes.shift()?.({ kind: "response", response });
  };
  return { link, known, asked, live };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a node that the server does not have is unknown and says so; its neighbour is reported", async () => {
  const { link } = server("ns=1;s=Air");
  const reports = new UaReports({ nodes: [AUTO, AIR, ELSEWHERE], device, nowNs: () => 0 });
  await reports.opened(link, { isKept: false });
  expect(reports.look(AIR)).toEqual({ isKnown: true, value: true });
  expect(reports.look(AUTO)).toEqual({ isKnown: false, why: "the server has no such node (BadNodeIdUnknown)" });
  expect(reports.look(ELSEWHERE)).toEqual({ isKnown: false, why: "the server has no such namespace" });
  expect(reports.made).toBe(1);
});

test("a node that the server has later is found by itself, within the same subscription", async () => {
  let nowNs = 0;
  const { link, known, asked, live } = server("ns=1;s=Air");
  const reports = new UaReports({ nodes: [AIR, AUTO], device, nowNs: () => nowNs });
  await reports.opened(link, { isKept: false });
  nowNs = 0.9 * LOST_MS * 1e6;
  live();
  reports.step();
  expect(asked).toHaveLength(1);
  known.add("ns=1;s=Auto");
  nowNs = 1.1 * LOST_MS * 1e6;
  reports.step();
  reports.step();
  await settled();
  expect(asked).toEqual([["ns=1;s=Air", "ns=1;s=Auto"], ["ns=1;s=Auto"]]);
  expect(reports.look(AUTO)).toEqual({ isKnown: true, value: true });
  expect(reports.made).toBe(1);
});

test("with no node of its own in the server the subscription lives, and nothing is known", async () => {
  const { link } = server();
  const reports = new UaReports({ nodes: [AIR], device, nowNs: () => 0 });
  await reports.opened(link, { isKept: false });
  expect(reports.look(AIR)).toMatchObject({ isKnown: false });
});
