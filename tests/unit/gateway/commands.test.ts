// Commands at the gateway: what it takes, what it asks the line, and what becomes of an officer's hold in each case.
import { expect, test, vi } from "vitest";
import { commands } from "../../../src/gateway/commands.ts";
import { LateWords } from "../../../src/gateway/late-words.ts";
import type { Holder } from "../../../src/gateway/tokens.ts";
import type { AnswerMessage, CommandMessage } from "../../../src/process/live-message.ts";
import type { ReleaseEvent } from "../../../src/releases/event.ts";

const NOW_MS = Date.parse("2026-03-01T08:00:00Z");
const officer: Holder = { name: "wang", scopes: ["officer"] };
const operator: Holder = { name: "li", scopes: ["operator"] };
const hold = { id: "h1", command: "holdCode", company: "EMS", waybill: "RB1" };

/** @param o.line what the line answers; null: nothing, "away": there is no controller */
function rig(o: { line?: Partial<AnswerMessage["answer"]> | null | "away" } = {}) {
  const asked: CommandMessage[] = [];
  const written: ReleaseEvent[] = [];
  const hinted: unknown[] = [];
  const line = o.line === undefined ? {} : o.line;
  const desk = commands({
    store: {
      async apply(events) {
        written.push(...events);
        const changed = [{ company: "EMS", waybill: "RB1" }];
        return { applied: 1, unchanged: 0, refused: 0, results: [{ result: "applied" }], changed };
      },
    },
    clock: { wallMs: () => NOW_MS, monotonicNs: () => 1e12, bootId: "boot" },
    send(message) {
      asked.push(message);
      if (line === "away") return false;
      if (line !== null)
        queueMicrotask(() => desk.answered({ kind: "answer", tag: message.tag, answer: answered(line) }));
      return true;
    },
    hint: (waybills) => hinted.push(...waybills),
    late: new LateWords(),
    graceMs: 1,
  });
  return { desk, asked, written, hinted };
}

const answered = (change: Partial<AnswerMessage["answer"]>): AnswerMessage["answer"] => ({
  id: "h1",
  accepted: true,
  code: null,
  detail: "",
  entry: 9,
  isRepeated: false,
  eventAtMs: NOW_MS,
  durable: true,
  ...change,
});

const refused = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "accepted",
    (problem) => ({ status: problem.status, ...problem.body }),
  );

test("a command goes to the line with its person, its scopes and its deadline, and its answer says what was done", async () => {
  const { desk, asked } = rig();
  const said = { id: "x", command: "disableChute", chuteId: "out", deadline: "2026-03-01T08:00:02+00:00" };
  expect(await desk.give(said, operator)).toEqual({
    id: "x",
    accepted: true,
    entry: 9,
    durable: true,
    isRepeated: false,
  });
  expect(asked[0]?.request).toEqual({
    id: "x",
    what: { command: "disableChute", chuteId: "out" },
    who: "li",
    roles: ["operator"],
    eventAtMs: NOW_MS,
    untilMonotonicNs: String(1e12 + 2e9),
  });
});

test.each([
  ["no object", [], /must be an object/],
  ["no id", { command: "stopLine" }, /"id" must be/],
  ["an unknown command", { id: "1", command: "start" }, /"command" must be one of/],
  ["a foreign key", { id: "1", command: "stopLine", now: true }, /"now" is nothing that stopLine takes/],
  ["a deadline without an offset", { id: "1", command: "stopLine", deadline: "2026-03-01T08:00:00" }, /RFC 3339/],
  ["a deadline of tomorrow", { id: "1", command: "stopLine", deadline: "2026-03-02T08:00:00Z" }, /at most 60 s ahead/],
])("%s is refused before the line is asked", async (_case, said, message) => {
  const { desk, asked } = rig();
  expect(await refused(desk.give(said, operator))).toMatchObject({
    status: 400,
    code: "API_REQUEST_INVALID",
    message: expect.stringMatching(message),
  });
  expect(asked).toEqual([]);
});

test("a refusal of the line is told in words, and nothing is written", async () => {
  const { desk, written } = rig({ line: { accepted: false, code: "COMMAND_ROLE", detail: "operator" } });
  expect(await refused(desk.give(hold, operator))).toMatchObject({
    status: 403,
    code: "COMMAND_ROLE",
    message: "the role may not give this command (operator)",
    hint: expect.any(String),
  });
  expect(written).toEqual([]);
  const other = rig({ line: { accepted: false, code: "COMMAND_BELT_MOVES", detail: "b" } });
  expect(await refused(other.desk.give({ id: "1", command: "clearItem", itemId: 1 }, operator))).toMatchObject({
    status: 409,
  });
});

test("an officer's hold is written under the officer's name and the line is told to look", async () => {
  const { desk, written, hinted } = rig();
  await desk.give(hold, officer);
  expect(written).toEqual([
    {
      kind: "hold",
      company: "EMS",
      waybill: "RB1",
      authority: "officer:wang",
      holdKind: "officer",
      reference: "line",
      eventAtMs: NOW_MS,
    },
  ]);
  expect(hinted).toEqual([{ company: "EMS", waybill: "RB1" }]);
});

test("a hold that is sent again keeps the time of the first: after its lift it stays lifted", async () => {
  const { desk, written } = rig({ line: { isRepeated: true, eventAtMs: NOW_MS - 5000 } });
  expect(await desk.give(hold, officer)).toMatchObject({ isRepeated: true });
  expect(written).toMatchObject([{ eventAtMs: NOW_MS - 5000 }]);
});

test("another officer lifts by naming whose hold it is", async () => {
  const { desk, written } = rig();
  await desk.give({ ...hold, command: "liftCode", officer: "zhao" }, officer);
  expect(written).toMatchObject([{ kind: "lift", authority: "officer:zhao", reference: "line" }]);
});

test.each([["away" as const], [null]])(
  "with the controller %s a hold is written all the same, and nothing else is done",
  async (line) => {
    const { desk, written } = rig({ line });
    const soon = { deadline: new Date(NOW_MS).toISOString() };
    expect(await desk.give({ ...hold, ...soon }, officer)).toMatchObject({
      accepted: true,
      entry: null,
      durable: false,
    });
    expect(written).toMatchObject([{ kind: "hold" }]);
    for (const said of [
      { ...hold, command: "liftCode" },
      { id: "s", command: "stopLine" },
    ]) {
      expect(await refused(desk.give({ ...said, ...soon }, officer))).toMatchObject({ code: "API_COMMAND_UNANSWERED" });
    }
    expect(await refused(desk.give({ ...hold, ...soon }, operator))).toMatchObject({ code: "API_COMMAND_UNANSWERED" });
    expect(written).toHaveLength(1);
  },
);

test("as many commands wait as there is room for, a further one is told to come again", async () => {
  vi.useFakeTimers();
  try {
    const { desk } = rig({ line: null });
    const waiting = Array.from({ length: 64 }, (_, n) =>
      refused(desk.give({ id: `n${n}`, command: "stopLine" }, operator)),
    );
    expect(await refused(desk.give({ id: "more", command: "stopLine" }, operator))).toMatchObject({ status: 429 });
    await vi.runAllTimersAsync();
    expect(await Promise.all(waiting)).toHaveLength(64);
    const again = refused(desk.give({ id: "more", command: "stopLine" }, operator));
    await vi.runAllTimersAsync();
    expect(await again).toMatchObject({ code: "API_COMMAND_UNANSWERED" });
  } finally {
    vi.useRealTimers();
  }
});
