// `coline jog` and `coline looptest` against a gateway that answers as one does: what they ask, say and end with.
import type { IncomingMessage } from "node:http";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, test, vi } from "vitest";
import { run as jog } from "../../../src/cli/commands/jog.ts";
import { run as looptest } from "../../../src/cli/commands/looptest.ts";
import type { JogResult } from "../../../src/line/plant-state.ts";
import { answeringGateway, TOKEN } from "./answering-gateway.ts";
import { caughtConsole } from "./caught-console.ts";

const SITE = fileURLToPath(new URL("../../../config/sites/plain-coils", import.meta.url));

const gateway = answeringGateway(answer);
const caught = caughtConsole();
const said = (): string => caught.out + caught.err;
/** What the gateway answers to the next command; null: accepts it. */
let refusal: { code: string; message: string; hint: string } | null = null;
let shows: (asked: Record<string, unknown>) => Partial<JogResult> | null = () => ({});
const asked: Record<string, unknown>[] = [];

beforeEach(() => {
  refusal = null;
  shows = () => ({});
  asked.length = 0;
});

async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  expect(request.headers.authorization).toBe(`Bearer ${TOKEN}`);
  if (request.url === "/v1/line") {
    const last = asked.at(-1) ?? {};
    const result = shows(last);
    const found = { jog: 7, command: last["id"], gateId: last["gateId"], chuteId: last["chuteId"], why: null };
    const times = { end: "done", answeredNs: 6e6, outNs: 40e6, homeNs: 45e6 };
    return {
      status: 200,
      body: { ageMs: 1, line: { lastJog: result === null ? null : { ...found, ...times, ...result } } },
    };
  }
  let text = "";
  for await (const chunk of request) text += chunk;
  asked.push(JSON.parse(text));
  if (refusal !== null) return { status: 409, body: refusal };
  return { status: 200, body: { accepted: true, entry: 4711, durable: true, isRepeated: false } };
}

test("jog: the command goes to the gateway, and what the line saw is said", async () => {
  expect(await jog([SITE, "ga1", "out", "--url", gateway.url])).toBe(0);
  expect(asked).toMatchObject([{ command: "jogGate", gateId: "ga1", chuteId: "out" }]);
  expect(said()).toBe(
    "gate ga1 to out: out and home again\n  answered after 6 ms, out after 40 ms, home after 45 ms\n",
  );
});

test("jog: refused, with what to do, and nothing is waited for", async () => {
  refusal = { code: "COMMAND_BELT_NOT_EMPTY", message: "the belt is not known to be empty", hint: "let it run empty" };
  expect(await jog([SITE, "ga1", "out", "--url", gateway.url])).toBe(1);
  expect(said()).toContain("COMMAND_BELT_NOT_EMPTY: the belt is not known to be empty\n  let it run empty");
});

test("jog: a gate in doubt is a failure", async () => {
  shows = () => ({ end: "inDoubt", why: "GATE_IN_DOUBT", answeredNs: null, outNs: null, homeNs: null });
  expect(await jog([SITE, "ga1", "out", "--url", gateway.url])).toBe(1);
  expect(said()).toContain("in doubt: its device did not answer, and may still move it");
});

test("jog: no gateway is no answer, and used wrongly says how", async () => {
  expect(await jog([SITE, "ga1", "out", "--url", "http://127.0.0.1:1"])).toBe(69);
  expect(await jog([SITE, "ga1"])).toBe(2);
  vi.stubEnv("COLINE_TOKEN", "");
  expect(await jog([SITE, "ga1", "out"])).toBe(2);
  expect(said()).toContain("no token");
});

test("looptest: each gate goes to each of its chutes as often as asked, in the order of the belts", async () => {
  expect(await looptest([SITE, "--times", "2", "--url", gateway.url])).toBe(0);
  const places = asked.map(({ gateId, chuteId }) => `${gateId} ${chuteId}`);
  expect(places.slice(0, 2)).toEqual([places[0], places[0]]);
  expect(said()).toContain(`\n${places.length} moves, each as line.yaml says.\n`);
});

test("looptest: what differs stands at the end, ready to paste", async () => {
  shows = ({ gateId }) => (gateId === asked[0]?.["gateId"] ? { outNs: 400e6 } : {});
  expect(await looptest([SITE, "--times", "1", "--url", gateway.url])).toBe(1);
  expect(said()).toMatch(/What differs:\n {2}\S+: took 400 ms to a switch, and travelMs says \d+\n/);
  expect(said()).toMatch(/For line.yaml.*\n {2}travelMs: 400 {2}# gate /);
});

test("looptest: ends with the first move that is refused or in doubt", async () => {
  shows = () => ({ end: "inDoubt", why: "GATE_IN_DOUBT" });
  expect(await looptest([SITE, "--url", gateway.url])).toBe(1);
  expect(asked).toHaveLength(1);
  refusal = { code: "COMMAND_NOT_MANUAL", message: "the belt is not in manual mode", hint: "switch" };
  expect(await looptest([SITE, "--url", gateway.url])).toBe(1);
  expect(asked).toHaveLength(2);
});

test("looptest: only the gates that are named, and none that the site does not have", async () => {
  expect(await looptest([SITE, "--gate", "nobody", "--url", gateway.url])).toBe(2);
  expect(said()).toContain('the site has no gate "nobody"');
  expect(await looptest([SITE, "--times", "0", "--url", gateway.url])).toBe(2);
});
