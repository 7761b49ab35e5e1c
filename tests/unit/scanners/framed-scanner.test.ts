// A scanner without a wire: what ends a silence, what is sent to it, and what it answers.
import { expect, test } from "vitest";
import type { z } from "zod";
import { FramedScanner } from "../../../drivers/scanners/framed-scanner.ts";
import type { LinkEvents } from "../../../drivers/scanners/port.ts";
import { serialScannerSchema } from "../../../drivers/scanners/serial-schema.ts";

test("noise is no sign of life: the scanner falls silent while bytes come, once, and each telegram ends it", () => {
  const { wire, states, passMs, looks } = openScanner({ silenceMs: 1000 });
  wire.up();
  for (let ms = 0; ms < 1500; ms += 100) {
    wire.bytes(Buffer.from("noise"), 0);
    passMs(100);
  }
  expect(states).toEqual(["up", "silent"]);
  expect(looks()).toBe(1);
  wire.bytes(Buffer.from("\u0002\u0003"), 0);
  expect(states).toEqual(["up", "silent"]);
  wire.bytes(Buffer.from("\u0002A1\u0003"), 0);
  expect(states).toEqual(["up", "silent", "up"]);
});

test("aliveBy heartbeat: telegrams alone do not end a silence, and are told all the same", () => {
  const { wire, states, passMs, codes } = openScanner({
    ...{ silenceMs: 1000, aliveBy: "heartbeat" },
    framing: { heartbeat: "HB" },
  });
  wire.up();
  for (let ms = 0; ms < 1500; ms += 100) {
    wire.bytes(Buffer.from("\u0002A1\u0003"), 0);
    passMs(100);
  }
  expect(states).toEqual(["up", "silent"]);
  expect(codes.length).toBe(15);
  wire.bytes(Buffer.from("\u0002HB\u0003"), 0);
  expect(states).toEqual(["up", "silent", "up"]);
});

test("silenceMs null: a scanner in a person's hand is never silent", () => {
  const { wire, states, passMs } = openScanner({ silenceMs: null, profile: "handheld" });
  wire.up();
  passMs(4_000_000);
  expect(states).toEqual(["up"]);
});

test("a connection made anew in a silence is no sign of life, and what was begun on the old one is given up", () => {
  const { wire, states, passMs, scanner } = openScanner({ silenceMs: 1000 });
  wire.up();
  passMs(1100);
  wire.bytes(Buffer.from("\u0002A"), 0);
  wire.up();
  wire.bytes(Buffer.from("1\u0003"), 0);
  expect(states).toEqual(["up", "silent"]);
  expect(scanner.counts()).toMatchObject({ telegrams: 0, partialFrames: 1, reconnects: 1 });
});

test("a trigger while open: told to read at each opening and to stop at the end, in frames of its own framing", async () => {
  const { wire, sent, scanner } = openScanner({ profile: "keyence-stx", trigger: { when: "whileOpen" } });
  wire.up();
  wire.down("gone");
  wire.up();
  expect(sent).toEqual(["\u0002LON\u0003", "\u0002LON\u0003"]);
  await scanner.close();
  expect(sent).toEqual(["\u0002LON\u0003", "\u0002LON\u0003", "\u0002LOFF\u0003"]);
});

test("never told to read where its own trigger rules", async () => {
  const { wire, sent, scanner } = openScanner({ profile: "keyence-stx" });
  wire.up();
  await scanner.close();
  expect(sent).toEqual([]);
});

test("answers are counted, are no telegrams, and a refusal shows as the last error", () => {
  const { wire, scanner, codes, states } = openScanner({ profile: "keyence-stx" });
  wire.up();
  wire.bytes(Buffer.from("\u0002OK,LON\u0003\u0002ER,LON,00\u0003"), 0);
  expect(codes).toEqual([]);
  expect(states).toEqual(["up"]);
  expect(scanner.counts()).toMatchObject({ replies: 2, telegrams: 0, malformedFrames: 0 });
  expect(scanner.lastError()).toBe("the scanner refused a command: ER,LON,00");
});

test("notices of the port are handed on", () => {
  const { wire, notices } = openScanner({});
  wire.notices([{ code: "latencyTimer", text: "16 ms" }]);
  expect(notices).toEqual([{ code: "latencyTimer", text: "16 ms" }]);
});

/** Its link is the test. */
function openScanner(change: Omit<z.input<typeof serialScannerSchema>, "id" | "driver" | "path">) {
  let nowMs = 0;
  let looks = 0;
  const pending = new Set<{ atMs: number; run: () => void }>();
  const held: { events?: LinkEvents } = {};
  const sent: string[] = [];
  const states: string[] = [];
  const codes: (string | undefined)[] = [];
  const notices: unknown[] = [];
  const scanner = new FramedScanner({
    config: serialScannerSchema.parse({ id: "scan1", driver: "serial", path: "/dev/scan1", ...change }),
    clock: {
      nowNs: () => nowMs * 1e6,
      heardAfterNs: () => 0,
      setTimer(delayMs, run) {
        const entry = { atMs: nowMs + delayMs, run };
        pending.add(entry);
        return () => void pending.delete(entry);
      },
    },
    link(events) {
      held.events = events;
      return {
        open: () => undefined,
        verify() {
          looks += 1;
        },
        send: async (bytes) => void sent.push(Buffer.from(bytes).toString("latin1")),
        facts: () => ({}),
        close: async () => undefined,
      };
    },
  });
  scanner.open({
    state: (_, state) => states.push(state),
    telegram: (_, { kind, codes: read }) => {
      if (kind === "codes") codes.push(read[0]?.text);
    },
    notices: (_, told) => notices.push(...told),
  });
  return {
    wire: held.events as LinkEvents,
    ...{ scanner, sent, states, codes, notices },
    looks: () => looks,
    passMs(ms: number) {
      const untilMs = nowMs + ms;
      while (nowMs < untilMs) {
        nowMs = Math.min(untilMs, ...[...pending].map(({ atMs }) => Math.max(nowMs + 1, atMs)));
        for (const entry of [...pending]) {
          if (entry.atMs > nowMs) continue;
          pending.delete(entry);
          entry.run();
        }
      }
    },
  };
}
