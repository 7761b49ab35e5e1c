// `coline commission` against a gateway that answers as one does: what it asks, says and ends with.
import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { run } from "../../../src/cli/commands/commission.ts";
import { dialog } from "../../../src/cli/commission/dialog.ts";
import type { ChuteFacts } from "../../../src/cli/commission/facts.ts";
import { walk } from "../../../src/cli/commission/walk.ts";
import { LineClient } from "../../../src/cli/line-client.ts";
import type { TestResult } from "../../../src/line/commissioning-state.ts";
import type { CommissioningView } from "../../../src/line/step.ts";
import { exampleFolder } from "../config/example-site.ts";
import { answeringGateway, TOKEN } from "./answering-gateway.ts";

const gateway = answeringGateway(async (request) => ({ status: 200, body: await answer(request) }));
const asked: Record<string, unknown>[] = [];
let view: Partial<CommissioningView> | null = null;
/** What becomes of the test parcel that was asked for last. */
let becomes: Partial<TestResult> = {};

beforeEach(() => {
  asked.length = 0;
  becomes = {};
  view = null;
});
afterEach(() => vi.restoreAllMocks());

async function answer(request: IncomingMessage): Promise<unknown> {
  if (request.url === "/v1/line") {
    const last = asked.findLast(({ command }) => command === "guardChute");
    const times = { firedNs: null, answeredNs: null, outNs: null, homewardNs: null, homeNs: null, atGateNs: null };
    const found = { command: last?.["id"], chuteId: last?.["chuteId"], edges: [], why: "TEST_PARCEL", itemId: 4 };
    const lastTest = last === undefined ? null : { ...found, ...times, end: "arrived", isProved: true, ...becomes };
    return { ageMs: 1, line: { commissioning: view === null ? null : { guard: null, lastTest, ...view } } };
  }
  let text = "";
  for await (const chunk of request) text += chunk;
  asked.push(JSON.parse(text));
  return { accepted: true, entry: 4711, durable: true, isRepeated: false };
}

const facts = (chuteId: string): ChuteFacts => ({
  ...{ chuteId, beltId: "b", zone: "outbound, express import", gateAtMm: 3000, eyeId: null },
  way: {
    chuteId,
    gate: { id: "g1", busMs: 15, travelMs: 100, pollMs: 5, seesOut: true, aheadMs: null },
    slideMs: null,
  },
});

async function walked(answers: readonly string[], chutes: readonly string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end(answers.map((each) => `${each}\n`).join(""));
  view = { plantHash: "p", isComplete: false, chutes: [] };
  const results: TestResult[] = [];
  const talk = dialog(input, output);
  const o = {
    client: new LineClient(gateway.url, TOKEN),
    dialog: talk,
    belts: [],
    code: "COLINE-TEST-05",
    seconds: 30,
  };
  const how = await walk(o, chutes.map(facts), results);
  talk.close();
  return {
    how,
    results,
    said: String(output.read()),
    commands: asked.map(({ command, chuteId }) => [command, chuteId]),
  };
}

test("each chute is asked for, and a guard given with code and time when somebody stands there", async () => {
  const { how, commands, said } = await walked(["y", "skip", "yes"], ["out-1", "out-2", "out-3"]);
  expect([how, commands]).toEqual([
    "through",
    [
      ["guardChute", "out-1"],
      ["guardChute", "out-3"],
    ],
  ]);
  expect(asked[0]).toMatchObject({ code: "COLINE-TEST-05", seconds: 30 });
  expect(said).toContain("out-1 is proved");
});

test("what did not come is told with its code, and offered once more", async () => {
  becomes = { isProved: false, endedIn: "abnormal", why: "LAW_ZONE_UNSEEN", awaitsPerson: false };
  const { how, said } = await walked(["yes", "quit"], ["out-1", "out-2"]);
  expect(how).toBe("quit");
  expect(said).toContain("not proved: it is in abnormal (law 8: nobody saw the zone free, LAW_ZONE_UNSEEN)");
});

test("one that no eye saw when it was due is told as such: that it was a test parcel is no reason", async () => {
  becomes = { isProved: false, end: "lost", endedIn: null, why: "TEST_PARCEL", awaitsPerson: false };
  const { said } = await walked(["yes", "quit"], ["out-1"]);
  expect(said).toContain("  not proved: no eye saw it when it was due there\n");
});

test("where nothing sees it arrive, the person is asked, and only a yes is passed on", async () => {
  becomes = { end: "divertedUnseen", isProved: false, awaitsPerson: true };
  expect((await walked(["yes", "yes"], ["out-1"])).commands).toEqual([
    ["guardChute", "out-1"],
    ["confirmArrival", "out-1"],
  ]);
  asked.length = 0;
  expect((await walked(["yes", "no", "skip"], ["out-1"])).commands).toEqual([["guardChute", "out-1"]]);
});

test("a plant that is a simulated one, another configuration, and wrong words are told apart by the exit code", async () => {
  let said = "";
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => {
      said += String(text);
      return true;
    });
  const site = exampleFolder("plain-coils");
  expect(await run([site, "--url", gateway.url, "--status"])).toBe(1);
  expect(said).toContain("simulated");
  view = { plantHash: "another", isComplete: true, chutes: [] };
  expect(await run([site, "--url", gateway.url, "--status"])).toBe(1);
  expect(said).toContain("another line.yaml");
  expect(await run([site, "--code", "A1"])).toBe(2);
  expect(await run([site, "--url", "http://127.0.0.1:1", "--status"])).toBe(69);
});
