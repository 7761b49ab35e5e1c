// The background sweep: by which time it judges, that it goes on after a failure, and that it ends when told to.
import { expect, test, vi } from "vitest";
import { agreedTime } from "../../../src/gateway/agreed-time.ts";
import { pruning } from "../../../src/gateway/pruning.ts";
import type { Pruned, PrunePlace } from "../../../src/releases/store.ts";

type Asked = { from: PrunePlace | null; atMs: number };

function start(o: { nowMs: () => number | null; answer: (asked: Asked, nth: number) => Pruned }) {
  const asked: Asked[] = [];
  const said: string[] = [];
  let pruned = 0;
  const sweep = pruning({
    store: {
      prune: async (question) => {
        asked.push(question);
        return o.answer(question, asked.length);
      },
    },
    nowMs: o.nowMs,
    pruned: (by) => {
      pruned += by;
    },
    say: (error) => void said.push(error.message),
    everyMs: 1,
    restMs: 1,
  });
  return { sweep, asked, said, pruned: () => pruned };
}

const there: PrunePlace = { table: "declarations", after: "W1/EMS" };

test("this machine's clock jumped ahead: customs' own time is agreed on; customs' is ahead: this machine's", () => {
  const time = agreedTime(() => 500);
  expect(time.nowMs()).toBeNull();
  time.heard(300);
  time.heard(200);
  expect(time.nowMs()).toBe(300);
  time.heard(9000);
  expect(time.nowMs()).toBe(500);
});

test("no word of customs since the start: nothing is asked for until there is one", async () => {
  let looks = 0;
  const nowMs = () => {
    looks += 1;
    return looks < 5 ? null : 7;
  };
  const run = start({ nowMs, answer: () => ({ pruned: 0, next: null }) });
  await vi.waitFor(() => expect(run.asked.length).toBeGreaterThan(0));
  await run.sweep.close();
  expect(looks).toBeGreaterThanOrEqual(5);
  expect(run.asked[0]).toEqual({ from: null, atMs: 7 });
});

test("batch after batch from where the one before ended; a failure is said once and the sweep goes on there", async () => {
  const answer = (_asked: Asked, nth: number): Pruned => {
    if (nth === 2 || nth === 3) throw new Error("no space");
    return nth === 1 ? { pruned: 3, next: there } : { pruned: 1, next: null };
  };
  const run = start({ nowMs: () => 9, answer });
  await vi.waitFor(() => expect(run.asked.length).toBeGreaterThan(4));
  await run.sweep.close();
  expect(run.asked.slice(0, 5).map(({ from }) => from)).toEqual([null, there, there, there, null]);
  expect(run.said).toEqual(["no space"]);
  expect(run.pruned()).toBeGreaterThanOrEqual(4);
});
