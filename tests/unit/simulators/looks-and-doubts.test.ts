// Checkers of what the line looked at, told and called in doubt: each silent on a clean run, each with its one finding.
import { expect, test } from "vitest";
import { armedInDoubt } from "../../../simulators/world/checkers/armed-in-doubt.ts";
import { labelTwice } from "../../../simulators/world/checkers/label-twice.ts";
import { lateCommand } from "../../../simulators/world/checkers/late-command.ts";
import { staleLook } from "../../../simulators/world/checkers/stale-look.ts";
import { touched } from "../../../simulators/world/checkers/touched.ts";
import { unreleasedOutbound } from "../../../simulators/world/checkers/unreleased-outbound.ts";
import { unsentCarriedOut } from "../../../simulators/world/checkers/unsent-carried-out.ts";
import { untoldLateHold } from "../../../simulators/world/checkers/untold-late-hold.ts";
import { wrongChute } from "../../../simulators/world/checkers/wrong-chute.ts";
import { customsSays, Run } from "./checked-run.ts";

const MS = 1_000_000;
const { hold, lift, release } = customsSays;

test("customs had been silent for too long at the last look (law 1), or spoke again just before it", () => {
  const run = new Run();
  run.sendsOut("p1", {}, { commandNs: 5000 * MS, lookNs: 4990 * MS });
  const found = (untilNs: number | null, maxAgeNs: number) =>
    unreleasedOutbound({ ...run.evidence(), feed: { maxAgeNs, silences: [{ fromNs: 3000 * MS, untilNs }] } });
  expect(found(null, 1989 * MS)).toMatchObject([{ rule: "unreleased-outbound", clause: 1, parcelId: "p1" }]);
  expect(found(null, 1990 * MS)).toEqual([]);
  expect(found(4990 * MS, 1 * MS)).toEqual([]);
});

test("a hold after the last look that nobody was told of (law 2), unless it was lifted, told, or never heard", () => {
  const found = (statements: ReturnType<typeof hold>[], more: Record<string, unknown>[] = []) => {
    const run = new Run();
    run.sendsOut("p1", { statements: [release({}), ...statements] }, { commandNs: 3000 * MS, lookNs: 2990 * MS });
    run.journal.push(...more);
    return untoldLateHold(run.evidence());
  };
  const late = hold({ acknowledgedNs: 4000 * MS, hintedNs: 4000 * MS });
  expect(found([late])).toMatchObject([{ rule: "untold-late-hold", clause: 2, parcelId: "p1" }]);
  expect(found([late, lift({ sentNs: 4100 * MS })])).toEqual([]);
  expect(found([late], [{ n: 99, kind: "lateHold", itemId: 1, waybill: "W-p1" }])).toEqual([]);
  expect(found([hold({ acknowledgedNs: 4000 * MS })])).toEqual([]);
  // Controllers were started again before it was sure to be on the disk: each is told again, and has its five seconds.
  const startedAt = (...ms: number[]) =>
    ms.map((atMs, index) => ({ n: 98 + index, kind: "run", writtenNs: atMs * MS }));
  expect(found([late], startedAt(5001))).toEqual([]);
  expect(found([late], startedAt(3900, 4900, 6800))).toEqual([]);
  for (const starts of [startedAt(3900), startedAt(4999), startedAt(6001)])
    expect(found([late], starts)).toMatchObject([{ rule: "untold-late-hold" }]);
});

test("a parcel let go while another rode under its label (law 3), not when the release has two pieces", () => {
  const found = (pieces: number, o: { isOver: boolean }) => {
    const run = new Run();
    run.sendsOut("p1", { statements: [release({ pieces })] });
    const twin = [
      { n: 90, kind: "item", itemId: 77 },
      { n: 91, kind: "decision", itemId: 77, identity: { kind: "code", waybill: "W-p1" } },
    ];
    const end = run.journal.findIndex(({ kind }) => kind === "end");
    const permit = run.journal.find(({ kind }) => kind === "permit");
    const gone = { n: 92, kind: "end", itemId: 77, end: "lost", chuteId: null, reason: "X", waybill: "W-p1" };
    const look = { n: 93, kind: "lastLook", permit: permit?.["n"], go: true };
    run.journal.splice(end, 0, ...twin, ...(o.isOver ? [gone] : []), look);
    return labelTwice(run.evidence());
  };
  expect(found(1, { isOver: false })).toMatchObject([{ rule: "label-twice", clause: 3 }]);
  expect(found(2, { isOver: false })).toEqual([]);
  expect(found(1, { isOver: true })).toEqual([]);
});

test("carried out, though the line had said that it was not sent (law 6)", () => {
  const run = new Run();
  run.sendsOut("p1");
  const permit = run.journal.find(({ kind }) => kind === "permit")?.["n"];
  expect(unsentCarriedOut(run.evidence())).toEqual([]);
  run.journal.push({ n: 90, kind: "command", permit, outcome: "notSent" });
  expect(unsentCarriedOut(run.evidence())).toMatchObject([{ rule: "unsent-carried-out", clause: 6 }]);
});

test("carried out, and the last of its copies not sent: only where the piece was given back for it, or the first was not (law 6)", () => {
  const found = (outcomes: readonly string[], more: Record<string, unknown> = {}) => {
    const run = new Run();
    run.sendsOut("p1");
    const permit = run.journal.find(({ kind }) => kind === "permit")?.["n"];
    const item = run.journal.find(({ kind }) => kind === "item");
    Object.assign(item ?? {}, { trackingId: 7 });
    const said = outcomes.map((outcome, index) => ({ n: 90 + index, kind: "command", permit, outcome }));
    const own = run.journal.filter(({ kind }) => kind !== "command");
    run.journal.splice(0, run.journal.length, ...own, ...said, ...("why" in more ? [{ n: 99, permit, ...more }] : []));
    return unsentCarriedOut(run.evidence());
  };
  const broken = [{ rule: "unsent-carried-out", clause: 6 }];
  expect(found(["inDoubt", "inDoubt", "notSent"])).toEqual([]);
  expect(found(["inDoubt", "notSent"], { kind: "giveBack", why: "notSent", release: "r" })).toMatchObject(broken);
  expect(found(["notSent"])).toMatchObject(broken);
  // The PLC's no is the no to all copies of one number.
  expect(found(["inDoubt", "refused"])).toMatchObject(broken);
});

test("a gate that came out into a parcel (law 6), unless the bus was late for a plain coil", () => {
  const run = new Run();
  run.sendsOut("p1");
  run.sendsOut("p2", {}, { caughtUm: 40_000 });
  expect(lateCommand(run.evidence())).toEqual([]); // Nobody knows when it was written.
  for (const command of run.commands) command.sentNs = command.atNs - 40 * MS;
  expect(lateCommand(run.evidence())).toMatchObject([{ rule: "late-command", clause: 6, parcelId: "p2" }]);
  for (const command of run.commands) Object.assign(command, { sequence: null, sentNs: command.atNs - 1 * MS });
  expect(lateCommand(run.evidence())).toHaveLength(1);
  for (const command of run.commands) command.sentNs = command.atNs - 40 * MS;
  expect(lateCommand(run.evidence())).toEqual([]);
});

test("a gate that came out for the next one, into a parcel that its own command had not taken (law 6): no late command in the same chute", () => {
  const found = (o: { nextNs: number; caughtNs?: number; ownChute?: string }) => {
    const run = new Run();
    const { nextNs, caughtNs = 6200 * MS } = o;
    run.sendsOut("held-up", {}, { commandNs: 5000 * MS, passedNs: 6500 * MS, caughtUm: 40_000, caughtNs });
    run.sendsOut("next", {}, { commandNs: nextNs, passedNs: 6800 * MS });
    for (const command of run.commands) command.sentNs = command.atNs - 1 * MS;
    if (o.ownChute !== undefined) {
      const permit = run.journal.find(({ kind }) => kind === "permit");
      Object.assign(permit ?? {}, { chuteId: o.ownChute });
    }
    return lateCommand(run.evidence());
  };
  const late = [{ rule: "late-command", clause: 6, parcelId: "held-up" }];
  expect(found({ nextNs: 6150 * MS })).toEqual([]);
  // Its own command took it, and came too late.
  expect(found({ nextNs: 6150 * MS, caughtNs: 5050 * MS })).toMatchObject(late);
  expect(found({ nextNs: 4900 * MS })).toMatchObject(late);
  expect(found({ nextNs: 6150 * MS, ownChute: "end" })).toMatchObject(late);
});

test("a gate that came out into a parcel for the next one, after its chute's eye should have seen it (law 6): a late command", () => {
  const found = (missedNs: number | null) => {
    const run = new Run();
    const held = { commandNs: 5000 * MS, passedNs: 6500 * MS, caughtUm: 40_000, caughtNs: 6200 * MS };
    run.sendsOut("held-up", {}, held);
    run.sendsOut("next", {}, { commandNs: 6150 * MS, passedNs: 6800 * MS });
    for (const command of run.commands) command.sentNs = command.atNs - 1 * MS;
    const permits = run.journal.filter(({ kind }) => kind === "permit");
    run.journal.push({ n: 90, kind: "lastLook", permit: permits[1]?.["n"], go: true, atNs: 6149 * MS });
    const [end] = run.journal.filter(({ kind }) => kind === "end");
    if (missedNs !== null)
      Object.assign(end ?? {}, { end: "divertedUnseen", reason: "CHUTE_EYE_SILENT", atNs: missedNs });
    return lateCommand(run.evidence());
  };
  expect(found(null)).toEqual([]);
  expect(found(6149 * MS)).toEqual([]);
  expect(found(6100 * MS)).toMatchObject([{ rule: "late-command", clause: 6, parcelId: "held-up" }]);
});

test("a parcel that bounced off a gate which had no permit for it (law 8), not one that was called back", () => {
  const run = new Run();
  const bounces = [{ gateId: "g1", atNs: 4000 * MS }];
  run.sendsOut("p1", { bounces });
  run.ridesToEnd("p2", { bounces });
  expect(touched(run.evidence())).toMatchObject([{ rule: "touched", clause: 8, parcelId: "p2" }]);
});

test("carried out after its device was armed again, though nobody knew what had become of it (law 6)", () => {
  const found = (o: { armedNs: number; atNs: number }) => {
    const run = new Run();
    run.sendsOut("p1", {}, { commandNs: o.atNs });
    const permit = run.journal.find(({ kind }) => kind === "permit")?.["n"] as number;
    for (const command of run.commands) Object.assign(command, { sequence: null, permit, deviceId: "plc" });
    run.journal.push(
      { n: 90, kind: "command", permit, outcome: "inDoubt", writtenNs: 3000 * MS },
      { n: 91, kind: "device", deviceId: "plc", connected: true, armed: true, writtenNs: o.armedNs },
    );
    return armedInDoubt(run.evidence());
  };
  expect(found({ armedNs: 4000 * MS, atNs: 5000 * MS })).toMatchObject([{ rule: "armed-in-doubt", clause: 6 }]);
  expect(found({ armedNs: 6000 * MS, atNs: 5000 * MS })).toEqual([]);
  expect(found({ armedNs: 2000 * MS, atNs: 5000 * MS })).toEqual([]);
});

test("a command that was written after its last look, or without any (law 7)", () => {
  const found = (sentNs: number, lookNs: number | null) => {
    const run = new Run();
    run.sendsOut("p1", {}, { commandNs: 5000 * MS });
    for (const command of run.commands) Object.assign(command, { sentNs, lookNs });
    return staleLook(run.evidence());
  };
  expect(found(4990 * MS, 4990 * MS)).toEqual([]);
  expect(found(4990 * MS, 4950 * MS)).toMatchObject([{ rule: "stale-look", clause: 7 }]);
  expect(found(4990 * MS, null)).toMatchObject([{ detail: expect.stringMatching(/without a last look/) as string }]);
});

test("a parcel that left on a permit of which the line had said that it was never carried out (law 7)", () => {
  const run = new Run();
  run.sendsOut("p1", {}, { passedNs: 5200 * MS });
  const permit = run.journal.find(({ kind }) => kind === "permit")?.["n"];
  const notSent = { n: 90, kind: "command", permit, outcome: "notSent", writtenNs: 5100 * MS };
  run.journal.push(notSent);
  expect(wrongChute(run.evidence())).toMatchObject([{ rule: "wrong-chute", clause: 7, parcelId: "p1" }]);
  run.journal.splice(-1, 1, { ...notSent, writtenNs: 5300 * MS });
  expect(wrongChute(run.evidence())).toEqual([]);
});
