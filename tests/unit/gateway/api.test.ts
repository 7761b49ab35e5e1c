// The HTTP addresses: who is let in, what is refused and how, what a batch's answer says.
import fc from "fast-check";
import type { FastifyInstance } from "fastify";
import { afterEach, expect, test } from "vitest";
import type { FeedItem } from "../../../src/customs/feed-splitter.ts";
import { type ApiBackend, type ApiOptions, createApp } from "../../../src/gateway/api/app.ts";
import type { ParcelView } from "../../../src/gateway/parcel.ts";
import { hashToken } from "../../../src/gateway/tokens.ts";
import type { LiveState } from "../../../src/process/live-message.ts";

let app: FastifyInstance | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

const NDJSON = { "content-type": "application/x-ndjson" };

/** A backend that takes every line and keeps what it saw. */
function rig(o: Partial<ApiOptions> = {}, parts: Partial<ApiBackend> = {}): { app: FastifyInstance; seen: FeedItem[] } {
  const seen: FeedItem[] = [];
  const backend: ApiBackend = {
    async feed(lines) {
      for await (const line of lines) seen.push(line);
      return { applied: seen.length, unchanged: 0, rejected: [] };
    },
    parcel: async (code) => (code === "RB1" ? ({ code, records: [], stories: [] } satisfies ParcelView) : null),
    live: { newest: () => null, trouble: () => "no controller is running on this journal", resetMetrics: () => false },
    command: async () => ({ id: "1", accepted: true, entry: 1, durable: true, isRepeated: false }),
    health: () => ({ ok: true }),
    metrics: { contentType: "text/plain", text: async () => "coline_controller_up 0\n" },
    ...parts,
  };
  app = createApp(backend, { tokens: [], tokensRequired: false, ...o });
  return { app, seen };
}

const feedToken = "coline_feed-token";
const readToken = "coline_read-token";
const tokens: ApiOptions["tokens"] = [
  { name: "customs", scopes: ["feed"], sha256: hashToken(feedToken) },
  { name: "screen", scopes: ["read"], sha256: hashToken(readToken) },
];

test.each([
  ["no token", undefined, 401, "API_TOKEN_MISSING"],
  ["a token of nobody", "Bearer coline_other", 401, "API_TOKEN_UNKNOWN"],
  ["not a bearer token", "Basic Zm9vOmJhcg==", 401, "API_TOKEN_MISSING"],
  ["a token for reading", `Bearer ${readToken}`, 403, "API_SCOPE_MISSING"],
  ["a token for feeding", `Bearer ${feedToken}`, 200, undefined],
])("releases with %s", async (_case, authorization, status, code) => {
  const { app } = rig({ tokens, tokensRequired: true });
  const headers = authorization === undefined ? NDJSON : { ...NDJSON, authorization };
  const response = await app.inject({ method: "POST", url: "/v1/releases", headers, payload: "{}\n" });
  expect(response.statusCode).toBe(status);
  expect(response.json().code).toBe(code);
  if (code !== undefined)
    expect(response.json()).toMatchObject({ message: expect.any(String), hint: expect.any(String) });
});

test.each(["/v1/parcels/RB1", "/v1/line", "/metrics"])("%s is not shown without a token", async (url) => {
  const { app } = rig({ tokens, tokensRequired: true });
  expect((await app.inject(url)).statusCode).toBe(401);
  const feeding = await app.inject({ url, headers: { authorization: `Bearer ${feedToken}` } });
  expect(feeding.statusCode).toBe(403);
});

test("a service check needs no token", async () => {
  const { app } = rig({ tokens, tokensRequired: true });
  expect((await app.inject("/healthz")).statusCode).toBe(200);
});

test("an open gateway still refuses a token that it does not know", async () => {
  const { app } = rig();
  const response = await app.inject({ url: "/metrics", headers: { authorization: "Bearer coline_old" } });
  expect(response.statusCode).toBe(401);
});

test("lines keep the numbers that an editor shows, empty ones counted and left out", async () => {
  const { app, seen } = rig();
  const alive = '{"kind":"heartbeat","authority":"CN","eventAt":"2026-03-01T08:00:00+08:00"}';
  const payload = Buffer.concat([
    Buffer.from(`${alive}\r\n\n  \n{"b":2}\n`),
    Buffer.from([0xff, 0x0a]),
    Buffer.from(alive),
  ]);
  await app.inject({ method: "POST", url: "/v1/releases", headers: NDJSON, payload });
  expect(seen.map(({ line, ok }) => [line, ok])).toEqual([
    [1, true],
    [4, false],
    [5, false],
    [6, true],
  ]);
});

test.each([
  ["too many bytes", { bytes: 20, lines: 10 }],
  ["too many lines", { bytes: 1000, lines: 3 }],
])("a batch of %s is refused as a whole", async (_case, limits) => {
  const { app } = rig({ limits });
  const response = await app.inject({
    method: "POST",
    url: "/v1/releases",
    headers: NDJSON,
    payload: "[12345]\n".repeat(4),
  });
  expect(response.statusCode).toBe(413);
  expect(response.json()).toMatchObject({ code: "API_BATCH_TOO_LARGE", hint: expect.stringContaining("smaller") });
});

test("a batch without an announced length is cut off at its bound, not read to its end", async () => {
  const { app } = rig({ limits: { bytes: 1 << 20, lines: 1 << 20 } });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const address = app.server.address() as { port: number };
  let sent = 0;
  let isOver = false;
  const endless = new ReadableStream({
    // A fetch that has failed goes on reading its body and throws that away: without a pause nothing else would ever run.
    async pull(controller) {
      await new Promise(setImmediate);
      if (isOver) return controller.close();
      sent += 1 << 16;
      controller.enqueue(Buffer.alloc(1 << 16, "x"));
    },
  });
  const request = { method: "POST", headers: NDJSON, body: endless, duplex: "half" } as RequestInit;
  const outcome = await fetch(`http://127.0.0.1:${address.port}/v1/releases`, request).then(
    (response) => response.status,
    () => "closed",
  );
  isOver = true;
  expect([413, "closed"]).toContain(outcome);
  expect(sent).toBeLessThan(64 << 20);
});

test.each([[{ "content-type": "application/json" }], [{}], [{ ...NDJSON, "content-encoding": "gzip" }]])(
  "a body announced as %j is refused with what would be right",
  async (headers) => {
    const { app } = rig();
    const response = await app.inject({ method: "POST", url: "/v1/releases", headers, payload: "{}" });
    expect(response.statusCode).toBe(415);
    expect(response.json().hint).toContain("application/x-ndjson");
  },
);

test("no controller: the live state is refused with the reason and its age", async () => {
  const { app } = rig();
  const response = await app.inject("/v1/line");
  expect(response.statusCode).toBe(503);
  expect(response.json()).toMatchObject({
    code: "API_LINE_NOT_LIVE",
    message: expect.stringMatching(/no controller.*no state/),
  });
});

test("a connected controller that fell silent is told from a live one", async () => {
  const live = (ageMs: number): ApiBackend["live"] => ({
    newest: () => ({ state: { run: 3, line: { alarms: [] as object[] } } as unknown as LiveState, ageMs }),
    trouble: () => null,
    resetMetrics: () => true,
  });
  const { app: fresh } = rig({}, { live: live(100) });
  expect((await fresh.inject("/v1/line")).json()).toEqual({ ageMs: 100, run: 3, line: { alarms: [] } });
  await fresh.close();
  const { app: silent } = rig({}, { live: live(60_000) });
  const response = await silent.inject("/v1/line");
  expect(response.statusCode).toBe(503);
  expect(response.json().message).toContain("60000 ms old");
});

const operatorToken = "coline_operator-token";
const auditorToken = "coline_auditor-token";
const people: ApiOptions["tokens"] = [
  { name: "li", scopes: ["operator"], sha256: hashToken(operatorToken) },
  { name: "sun", scopes: ["auditor"], sha256: hashToken(auditorToken) },
];
const JSON_TYPE = { "content-type": "application/json" };

test("a command is given by a name: without a token none is taken, though the gateway is open on loopback", async () => {
  const given: unknown[] = [];
  const command: ApiBackend["command"] = async (said, holder) => {
    given.push([said, holder]);
    return { id: "1", accepted: true, entry: 4, durable: true, isRepeated: false };
  };
  const post = (headers: Record<string, string>, payload = '{"id":"1","command":"stopLine"}') =>
    app?.inject({ method: "POST", url: "/v1/commands", headers: { ...JSON_TYPE, ...headers }, payload });
  rig({}, { command });
  expect((await post({}))?.json().code).toBe("API_TOKEN_MISSING");
  await app?.close();
  rig({ tokens: people, tokensRequired: true }, { command });
  expect((await post({ authorization: "Bearer coline_x" }))?.json().code).toBe("API_TOKEN_UNKNOWN");
  expect((await post({ authorization: `Bearer ${operatorToken}` }, "{"))?.json().code).toBe("API_REQUEST_INVALID");
  expect((await post({ authorization: `Bearer ${operatorToken}`, "content-type": "text/plain" }))?.statusCode).toBe(
    415,
  );
  expect((await post({ authorization: `Bearer ${operatorToken}` }, `"${"x".repeat(5000)}"`))?.statusCode).toBe(400);
  expect(given).toEqual([]);
  const taken = await post({ authorization: `Bearer ${operatorToken}` });
  expect([taken?.statusCode, taken?.json()]).toEqual([200, expect.objectContaining({ entry: 4 })]);
  // Whether the role may is the line's to judge, which journals the refusal.
  await post({ authorization: `Bearer ${auditorToken}` });
  const said = { id: "1", command: "stopLine" };
  expect(given).toEqual([
    [said, { name: "li", scopes: ["operator"] }],
    [said, { name: "sun", scopes: ["auditor"] }],
  ]);
});

test("operators, officers and auditors see all that is shown; an auditor starts no figures afresh", async () => {
  const { app } = rig({ tokens: people, tokensRequired: true });
  const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  for (const token of [operatorToken, auditorToken])
    expect((await app.inject({ url: "/metrics", ...as(token) })).statusCode).toBe(200);
  const reset = (token: string) => app.inject({ method: "POST", url: "/v1/metrics/reset", ...as(token) });
  expect((await reset(auditorToken)).statusCode).toBe(403);
  expect((await reset(operatorToken)).statusCode).toBe(503);
});

test("alarms are shown with the wall time of their coming, the graver first, those of an older controller too", async () => {
  const alarm = (key: string, priority: string, sinceNs: number, epochAt = "2026-03-01T08:00:00+08:00") => ({
    key,
    priority,
    sinceNs,
    epochAt,
  });
  const { sinceNs: _, epochAt: __, ...old } = alarm("old", "low", 0);
  const alarms = [alarm("a", "low", 1e9), old, alarm("b", "critical", 0), alarm("c", "low", 61e9)];
  const state = { run: 3, line: { alarms } } as unknown as LiveState;
  const { app } = rig(
    {},
    { live: { newest: () => ({ state, ageMs: 1 }), trouble: () => null, resetMetrics: () => true } },
  );
  const shown: { key: string; since: string | null }[] = (await app.inject("/v1/line")).json().line.alarms;
  expect(shown[0]).toMatchObject({ key: "b", since: "2026-03-01T08:00:00.000+08:00" });
  expect(shown.find(({ key }) => key === "c")?.since).toBe("2026-03-01T08:01:01.000+08:00");
  expect(shown.find(({ key }) => key === "old")?.since).toBeNull();
});

test("an unknown parcel, an unknown address and a failure inside all answer in the one shape", async () => {
  const { app } = rig(
    {},
    {
      health: () => {
        throw new Error("secret path /var/x");
      },
    },
  );
  const shape = { code: expect.any(String), message: expect.any(String), hint: expect.any(String) };
  const unknownParcel = await app.inject("/v1/parcels/NOPE");
  expect([unknownParcel.statusCode, unknownParcel.json()]).toEqual([404, shape]);
  const unknownAddress = await app.inject({ method: "PUT", url: "/v2/everything?x=1" });
  expect([unknownAddress.statusCode, unknownAddress.json()]).toEqual([404, shape]);
  const failure = await app.inject("/healthz");
  expect([failure.statusCode, failure.json()]).toEqual([500, shape]);
  expect(failure.body).not.toContain("secret");
});

test("any headers and address: never a crash, never an answer of another shape", async () => {
  const { app } = rig({ tokens, tokensRequired: true });
  const text = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((c) => String.fromCharCode(c)) });
  await fc.assert(
    fc.asyncProperty(text, text, text, async (authorization, type, code) => {
      const response = await app.inject({
        method: "POST",
        url: `/v1/releases?${encodeURIComponent(code)}`,
        headers: { authorization, "content-type": type },
        payload: code,
      });
      expect(response.statusCode).toBe(401);
      expect(Object.keys(response.json())).toEqual(["code", "message", "hint"]);
      const parcel = await app.inject({ url: `/v1/parcels/${encodeURIComponent(code)}`, headers: { authorization } });
      expect([401, 404]).toContain(parcel.statusCode);
    }),
  );
});
