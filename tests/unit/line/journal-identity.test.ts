// Which marks of the store a journal obeys, and when a run begins it under a new name.
import { expect, test } from "vitest";
import { beginJournal, identityAtStart, ownCarried } from "../../../src/line/journal-identity.ts";
import { restore } from "../../../src/line/restore.ts";
import { emptyState } from "../../../src/line/state.ts";
import { LineFixture } from "./line-fixture.ts";

const own = { journalId: "mine", nextEntry: 101 };
const mark = (carriedJournal: string | null, carriedEntry: number, result: "miss" | "error" = "miss") =>
  ({ result, carriedJournal, carriedEntry }) as const;
const start = (journal: typeof own | { journalId: null; nextEntry: number }, look: ReturnType<typeof mark>) =>
  identityAtStart(journal, { look, fresh: "fresh" });

test("a mark counts when it names this journal and an entry that it holds; every other is nothing carried", () => {
  expect(ownCarried(own, mark("mine", 100))).toBe(100);
  expect(ownCarried(own, mark("mine", 101))).toBe(0);
  expect(ownCarried(own, mark("other", 50))).toBe(0);
  expect(ownCarried(own, mark(null, 50))).toBe(0);
  expect(ownCarried(own, mark("mine", 50, "error"))).toBe(0);
  expect(ownCarried({ ...own, journalId: null }, mark(null, 50))).toBe(0);
});

test("a journal keeps its identity over restarts, whatever the store says of others", () => {
  expect(start(own, mark("mine", 100))).toBe("mine");
  expect(start(own, mark("other", 900))).toBe("mine");
  expect(start(own, mark(null, 0))).toBe("mine");
  expect(start(own, mark(null, 0, "error"))).toBe("mine");
});

test("a new journal gets a new identity, and so does one that was put back behind what the store has carried of it", () => {
  expect(start({ journalId: null, nextEntry: 1 }, mark("mine", 100))).toBe("fresh");
  expect(start(own, mark("mine", 101))).toBe("fresh");
});

test("nothing of a new identity is carried yet; the same one keeps what is", () => {
  const state = { ...emptyState(), journalId: "mine", carriedEntry: 7 };
  beginJournal(state, "mine");
  expect(state.carriedEntry).toBe(7);
  beginJournal(state, "fresh");
  expect(state).toMatchObject({ journalId: "fresh", carriedEntry: 0 });
});

test("a restart finds the identity in the run's entry, with a checkpoint and without one", () => {
  const line = new LineFixture();
  expect(restore(null, line.entries).journalId).toBe("journal-1");
  expect(restore(line.core.checkpoint(), []).journalId).toBe("journal-1");
});

test("a piece spent here is not spent again on the word of a store that carried another journal's entry of the same number", () => {
  const line = new LineFixture().warmUp().release("A1");
  line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 6000);
  line.carriedJournal = "another";
  line.carriedEntry = line.facts("permit")[0]?.n ?? Number.NaN;
  line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 6000);
  expect(line.where("A1")).toEqual(["out", "end"]);
});
