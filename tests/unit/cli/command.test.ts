// `coline command`: what it sends, what it says of each answer, and by which exit code a script knows.
import { beforeEach, expect, test, vi } from "vitest";
import { run } from "../../../src/cli/commands/command.ts";
import { COMMANDS } from "../../../src/line/command.ts";
import { answeringGateway, TOKEN } from "./answering-gateway.ts";
import { caughtConsole } from "./caught-console.ts";

let seen: { token: string | undefined; body: Record<string, unknown> }[];
let answer: { status: number; body: unknown };

const caught = caughtConsole();
const out = (): string => caught.out + caught.err;
const gateway = answeringGateway(async (request) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  seen.push({ token: request.headers.authorization, body: JSON.parse(body) });
  return answer;
});
beforeEach(() => {
  seen = [];
  answer = { status: 200, body: { accepted: true, entry: 12, durable: true, isRepeated: false } };
});

const give = (...args: string[]): Promise<number> => run(["site", ...args, "--url", gateway.url]);

test("an accepted command: who may read it, what was done, exit code 0", async () => {
  expect(
    await give("changeChuteStream", "--chute", "out", "--stream", "cbec", "--direction", "import", "--id", "x"),
  ).toBe(0);
  expect(out()).toBe("accepted: changeChuteStream out (entry 12)\n");
  expect(seen).toMatchObject([
    {
      token: `Bearer ${TOKEN}`,
      body: { id: "x", command: "changeChuteStream", chuteId: "out", stream: "cbec", direction: "import" },
    },
  ]);
  expect(Date.parse(String(seen[0]?.body["deadline"]))).toBeGreaterThan(Date.now());
});

test("codes go as they are scanned, items as numbers, and each command has an id of its own", async () => {
  await give("holdCode", "--company", "EMS", "--code", " rb1 ");
  await give("clearItem", "--item", "17");
  expect(seen.map(({ body }) => [body["waybill"], body["itemId"]])).toEqual([
    ["RB1", undefined],
    [undefined, 17],
  ]);
  expect(seen[0]?.body["id"]).not.toBe(seen[1]?.body["id"]);
});

test("a refused command: the code, the words, what to do, exit code 1", async () => {
  answer = { status: 409, body: { code: "COMMAND_BELT_MOVES", message: "the belt moves (b)", hint: "Stop the belt." } };
  expect(await give("clearItem", "--item", "17")).toBe(1);
  expect(out()).toBe("refused: clearItem item 17\n  COMMAND_BELT_MOVES: the belt moves (b)\n  Stop the belt.\n");
});

test("a hold that no controller has journalled says so", async () => {
  answer = { status: 200, body: { accepted: true, entry: null, durable: false, isRepeated: false } };
  expect(await give("holdCode", "--company", "EMS", "--code", "RB1")).toBe(0);
  expect(out()).toContain("not journalled: no controller answered");
});

test("nobody answered: the id to send it again with, exit code 69", async () => {
  answer = { status: 504, body: { code: "API_COMMAND_UNANSWERED", message: "nobody knows" } };
  expect(await give("stopLine", "--id", "again")).toBe(69);
  expect(out()).toContain("no answer: stopLine all belts");
  expect(out()).toContain("--id again");
});

test("nobody listens there: exit code 69", async () => {
  expect(await run(["site", "stopLine", "--url", "http://127.0.0.1:1"])).toBe(69);
  expect(out()).toContain("did not answer");
});

test.each([
  [["site"], "give a SITE and the NAME"],
  [["site", "start"], '"command" must be one of'],
  [["site", "lockChute"], "--chute of lockChute must be the name of a chute"],
  [["site", "stopLine", "--gate", "g1"], "--gate is nothing that stopLine takes"],
  [["site", "stopLine", "--force"], "--force"],
  [["site", "stopLine", "--within", "0"], "--within takes seconds"],
])("%j is used wrongly, and nothing is sent", async (args, says) => {
  expect(await run(args)).toBe(2);
  expect(out()).toContain(says);
  expect(seen).toEqual([]);
});

test("without a token nothing is sent", async () => {
  vi.stubEnv("COLINE_TOKEN", "");
  expect(await give("stopLine")).toBe(2);
  expect(out()).toContain("COLINE_TOKEN");
});

test("--help lists every command with who may give it", async () => {
  expect(await run(["--help"])).toBe(0);
  for (const [name, { does }] of Object.entries(COMMANDS)) {
    expect(out()).toMatch(new RegExp(`^ {2}${name} .*oper|^ {2}${name} .*officer`, "m"));
    expect(out()).toContain(does);
  }
});
