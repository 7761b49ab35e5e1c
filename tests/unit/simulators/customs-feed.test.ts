// Customs' side of the feed: it falls silent, and says everything afterwards; in a storm it says again what it said last.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { CustomsFeed } from "../../../simulators/wired/customs-feed.ts";
import type { Saying } from "../../../simulators/world/parcel.ts";

interface Line {
  kind: string;
  waybill?: string;
  status?: string;
}

async function feed() {
  const lines: Line[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      for (const line of body.split("\n").filter(Boolean)) lines.push(JSON.parse(line) as Line);
      response.end(JSON.stringify({ rejected: [] }));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const reports: number[] = [];
  const { port } = server.address() as AddressInfo;
  const customs = new CustomsFeed({
    ...{ host: "127.0.0.1", port, token: null, heartbeatMs: 5, nowNs: () => 0 },
    report: ({ id }) => void reports.push(id),
  });
  onTestFinished(() => customs.close());
  return { customs, lines, reports, of: (kind: string) => lines.filter((line) => line.kind === kind) };
}

const release = (waybill: string, status: "pending" | "released"): Saying => ({
  ...{ kind: "release", company: "EMS", waybill, stream: "express", direction: "import", status, pieces: 1 },
});

test("a silent feed keeps what customs says, and sends it in its order when it speaks again", async () => {
  const { customs, lines, reports, of } = await feed();
  await vi.waitFor(() => expect(of("heartbeat").length).toBeGreaterThan(2));
  customs.silence(true);
  // What was on its way when it fell silent.
  await vi.waitFor(() => expect(customs.counts().waiting).toBe(0));
  await new Promise((resolve) => setImmediate(resolve));
  customs.say([{ id: 1, says: release("A", "pending") }]);
  customs.say([{ id: 2, says: release("A", "released") }]);
  expect(customs.counts().waiting).toBe(2);
  customs.silence(false);
  await vi.waitFor(() => expect(reports).toEqual([1, 2]));
  expect(lines.flatMap(({ status }) => status ?? [])).toEqual(["pending", "released"]);
});

test("in a storm the last word of each parcel comes again and again, and is not reported as said", async () => {
  const { customs, reports, of } = await feed();
  customs.say([
    { id: 1, says: release("A", "pending") },
    { id: 2, says: release("A", "released") },
    { id: 3, says: { kind: "hold", company: "EMS", waybill: "A", holdKind: "random-control", reference: "H" } },
  ]);
  await vi.waitFor(() => expect(reports).toEqual([1, 2, 3]));
  customs.storm(1000);
  await vi.waitFor(() => expect(customs.counts().repeated).toBeGreaterThan(20));
  customs.storm(0);
  expect(reports).toEqual([1, 2, 3]);
  expect(of("hold")).toHaveLength(1);
  expect(
    of("release")
      .map(({ status }) => status)
      .slice(1),
  ).not.toContain("pending");
});
