// An officer's hold over the real release store: the line's look finds it beside any release, until it is lifted.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commands } from "../../src/gateway/commands.ts";
import { LateWords } from "../../src/gateway/late-words.ts";
import { openReleaseReader } from "../../src/releases/reader.ts";
import { openReleaseStore } from "../../src/releases/store.ts";
import { dayMs, declared, t0 } from "../unit/releases/samples.ts";

test("held without a controller, the release is held at the next look; lifted by another officer, it is a release again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "officer-"));
  const now = { wallMs: t0 + dayMs };
  const clock = { wallMs: () => now.wallMs, monotonicNs: () => 5e9, bootId: "boot-1" };
  const store = openReleaseStore(join(folder, "releases.mdb"), clock);
  const reader = openReleaseReader(join(folder, "releases.mdb"), clock);
  const { company, waybill } = declared();
  const holds = () => reader.look(company, waybill).holds.map(({ authority, reference }) => [authority, reference]);
  let line = false;
  const desk = commands({
    store,
    clock,
    send({ tag, request }) {
      const answer = { id: request.id, accepted: true, code: null, detail: "", entry: 1, isRepeated: false };
      queueMicrotask(() =>
        desk.answered({ kind: "answer", tag, answer: { ...answer, eventAtMs: request.eventAtMs, durable: true } }),
      );
      return line;
    },
    hint: () => {},
    late: new LateWords(),
  });
  try {
    await store.apply([declared()]);
    const about = { company, waybill };
    await desk.give({ id: "1", command: "holdCode", ...about }, { name: "wang", scopes: ["officer"] });
    expect(holds()).toEqual([["officer:wang", "line"]]);
    line = true;
    now.wallMs += 1;
    const lift = { command: "liftCode", ...about };
    await desk.give({ id: "2", ...lift }, { name: "li", scopes: ["officer"] });
    expect(holds(), "a lift of one's own hold, which does not exist").toEqual([["officer:wang", "line"]]);
    await desk.give({ id: "3", ...lift, officer: "wang" }, { name: "li", scopes: ["officer"] });
    expect(holds()).toEqual([]);
  } finally {
    await reader.close();
    await store.close();
    rmSync(folder, { recursive: true });
  }
});
