// The controller's desk for commands: deadlines on the run's clock, answers once they are durable, never none for ever.
import { expect, test } from "vitest";
import { type CommandDesk, commandDesk } from "../../../src/controller/command-desk.ts";
import type { CommandAnswer } from "../../../src/line/command.ts";
import type { LineInput } from "../../../src/line/step.ts";
import type { CommandMessage } from "../../../src/process/live-message.ts";

const EPOCH_NS = 5_000_000_000_000n;

function rig(): { desk: CommandDesk; fed: LineInput[]; replies: unknown[]; at(ms: number): void; take(): number } {
  const fed: LineInput[] = [];
  const replies: unknown[] = [];
  let nowNs = 0;
  const desk = commandDesk({ feed: (input) => fed.push(input), nowNs: () => nowNs, epochMonotonicNs: EPOCH_NS });
  return {
    desk,
    fed,
    replies,
    at(ms) {
      nowNs = ms * 1e6;
    },
    take() {
      desk.take(message, (answer) => replies.push(answer));
      const input = fed.at(-1);
      return input?.kind === "operator" ? input.tag : -1;
    },
  };
}

const message: CommandMessage = {
  kind: "command",
  tag: 7,
  request: {
    id: "x",
    what: { command: "stopLine", beltId: null },
    who: "wang",
    roles: ["operator"],
    eventAtMs: 1,
    untilMonotonicNs: String(EPOCH_NS + 2_000_000n),
  },
};
const answer = (entry: number): CommandAnswer => ({
  id: "x",
  accepted: true,
  code: null,
  detail: "",
  entry,
  isRepeated: false,
  eventAtMs: 1,
});

test("a deadline of the machine's clock reaches the line on the run's own", () => {
  const { fed, take } = rig();
  take();
  expect(fed[0]).toMatchObject({ kind: "operator", request: { id: "x", untilNs: 2_000_000 } });
});

test("an answer waits for the disk, and one whose entry is there already does not", () => {
  const { desk, replies, take } = rig();
  desk.answered(take(), answer(5));
  desk.durable(4);
  expect(replies).toEqual([]);
  desk.durable(5);
  expect(replies).toEqual([{ ...answer(5), durable: true }]);
  desk.answered(take(), answer(3));
  expect(replies).toHaveLength(2);
});

test("a disk that does not answer does not keep the answer from people: it says that it is not durable", () => {
  const { desk, replies, at, take } = rig();
  desk.answered(take(), answer(5));
  at(1000);
  desk.tick();
  expect(replies).toEqual([]);
  at(1001);
  desk.tick();
  expect(replies).toEqual([{ ...answer(5), durable: false }]);
  desk.durable(5);
  expect(replies).toHaveLength(1);
});

test("more commands than may wait are not taken, so that nothing is done that nobody is told of", () => {
  const { fed, take } = rig();
  for (let n = 0; n < 70; n++) take();
  expect(fed).toHaveLength(64);
});
