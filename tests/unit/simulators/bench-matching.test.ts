// The latency bench sets a command against the telegram it answers after the shift, by their times alone.
import { expect, test } from "vitest";
import { matched } from "../../bench/latency/matching.ts";

const telegrams = (...atNs: number[]) => atNs.map((each) => ({ atNs: each, ns: null as number | null }));
const command = (atNs: number, change: { heardNs?: number; verdict?: number } = {}) => ({
  ...{ atNs, heardNs: null, verdict: 1 },
  ...change,
});

test("each command is the answer to the last telegram before it", () => {
  const sent = telegrams(100, 400, 700);
  expect(matched(sent, [command(103), command(409), command(702)])).toEqual({ refused: 0, unasked: 0 });
  expect(sent.map(({ ns }) => ns)).toEqual([3, 9, 2]);
});

test("a telegram without a command stays without one, and a command that comes after the next telegram is taken for that one's", () => {
  const sent = telegrams(100, 400, 700);
  expect(matched(sent, [command(405), command(706)])).toEqual({ refused: 0, unasked: 0 });
  expect(sent.map(({ ns }) => ns)).toEqual([null, 5, 6]);
});

test("a refused command is counted, and its telegram stays without one", () => {
  const sent = telegrams(100, 400);
  expect(matched(sent, [command(103, { verdict: 2 }), command(401)])).toEqual({ refused: 1, unasked: 0 });
  expect(sent.map(({ ns }) => ns)).toEqual([null, 1]);
});

test("a second command to one telegram, and one before the first, were asked for by nobody", () => {
  const sent = telegrams(100);
  expect(matched(sent, [command(50), command(103), command(104)])).toEqual({ refused: 0, unasked: 2 });
  expect(sent.map(({ ns }) => ns)).toEqual([3]);
});

test("what the device took from the command's bytes to its program is part of the reaction, and told apart", () => {
  const sent = telegrams(100);
  matched(sent, [command(109, { heardNs: 107 })]);
  expect(sent).toEqual([{ atNs: 100, ns: 9, servedNs: 2 }]);
});
