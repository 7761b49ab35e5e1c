// The function blocks of docs/plc say the same numbers as the simulated PLC, against which the driver is tried.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ECHOES_TO_ARM, STAND_SHARE } from "../../simulators/wired/plc/echo-watchdog.ts";
import { BACKLASH_COUNTS, MAILBOX_REGISTERS, STATUS_REGISTERS, VERDICT } from "../../simulators/wired/plc/mailbox.ts";

const text = readFileSync(fileURLToPath(new URL("../../docs/plc/coline.st", import.meta.url)), "utf8");

const constants = (prefix: string): Record<string, number> =>
  Object.fromEntries(
    [...text.matchAll(new RegExp(`^\\s*${prefix}(\\w*) : UINT := (\\d+);`, "gm"))].map((found) => [
      found[1] as string,
      Number(found[2]),
    ]),
  );

test("verdicts", () => {
  const { none, accepted, outsideWindow, stale, voided, fault } = VERDICT;
  expect(constants("VERDICT_")).toEqual({
    NONE: none,
    ACCEPTED: accepted,
    OUTSIDE_WINDOW: outsideWindow,
    STALE: stale,
    VOIDED: voided,
    FAULT: fault,
  });
});

test("echoes that arm it, registers of mailbox and status", () => {
  expect(constants("ECHOES_TO_")).toEqual({ ARM: ECHOES_TO_ARM });
  expect(text).toContain(`T_ColineMailbox : ARRAY [0..${MAILBOX_REGISTERS - 1}] OF WORD`);
  expect(text).toContain(`T_ColineStatus : ARRAY [0..${STATUS_REGISTERS - 1}] OF WORD`);
});

test("how long a program may stand, of the time after which its outputs fall by themselves as the site states it", () => {
  const outputsFallMs = 100;
  const site = readFileSync(
    fileURLToPath(new URL("../../config/sites/common-line/line.yaml", import.meta.url)),
    "utf8",
  );
  expect(site).toContain(`outputsFallMs: ${outputsFallMs} }`);
  expect(text).toContain(`MaxStand := T#${outputsFallMs * STAND_SHARE}ms`);
});

test("how far a count may fall back", () => {
  expect(text).toContain(`BACKLASH_COUNTS : UDINT := ${BACKLASH_COUNTS};`);
});

test("each block and each branch that is opened is closed", () => {
  const code = text.replace(/\(\*[\s\S]*?\*\)/g, "");
  for (const word of [
    "FUNCTION",
    "FUNCTION_BLOCK",
    "PROGRAM",
    "VAR(?:_INPUT|_OUTPUT|_IN_OUT)?(?: CONSTANT)?",
    "IF",
    "FOR",
    "TYPE",
  ]) {
    const plain = word.replace(/\(.*/, "");
    const opened = code.match(new RegExp(`(?<![_\\w])${word}(?![_\\w])`, "g"))?.length ?? 0;
    const closed = code.match(new RegExp(`(?<![\\w])END_${plain}(?![_\\w])`, "g"))?.length ?? 0;
    expect(closed, word).toBe(opened);
    expect(opened, word).toBeGreaterThan(0);
  }
});
