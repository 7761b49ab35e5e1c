// The fault table against the code that uses it and the page that is made from it: nothing missing, nothing dead.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { alarms } from "../../src/faults/alarms.ts";
import { errors } from "../../src/faults/errors.ts";
import type { AlarmFault } from "../../src/faults/fault.ts";
import { faultInWords, faultPage } from "../../src/faults/page.ts";
import { reasons } from "../../src/faults/reasons.ts";
import { faults, reasonText } from "../../src/faults/table.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Words in capitals that are not ours to explain: the environment's, the kernel's, the YAML library's. */
const foreign = new Set([
  "COLINE_EXEC",
  "COLINE_LOG_LEVEL",
  "COLINE_REAL_TIME",
  "COLINE_SIMULATED_DISK",
  "COLINE_STOP_WITH",
  "COLINE_TOKEN",
  "DUPLICATE_KEY",
  "NODE_OPTIONS",
  "NOTIFY_SOCKET",
  "NO_COLOR",
  "SCHED_FIFO",
  "TAB_AS_INDENT",
  "WATCHDOG_PID",
  "WATCHDOG_USEC",
]);

const sources = ["src", "drivers", "simulators"]
  .flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  )
  .filter((file) => file.endsWith(".ts") && !file.startsWith("src/faults/"))
  .map((file) => ({ file, text: withoutComments(readFileSync(`${root}${file}`, "utf8")) }));

test("each code in the sources has its row", () => {
  const missing = sources.flatMap(({ file, text }) =>
    [...text.matchAll(/["`]([A-Z]{2,}(?:_[A-Z0-9]+)+)(?=["`:])/g)]
      .map(([, code = ""]) => code)
      .filter((code) => faults[code] === undefined && !foreign.has(code))
      .map((code) => `${file}: ${code}`),
  );
  expect(missing, "add a row in src/faults, or name it in `foreign` of this test").toEqual([]);
});

test("each row is of use: the code stands somewhere in the sources", () => {
  const dead = Object.keys(faults).filter(
    (code) => !sources.some(({ text }) => new RegExp(`["\`]${code}["\`:]`).test(text)),
  );
  expect(dead, "nothing shows these any more: delete their rows").toEqual([]);
});

test("a code is of one kind", () => {
  const codes = [alarms, reasons, errors].flatMap((table) => Object.keys(table));
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
});

test("each row says all four things, in sentences", () => {
  for (const [code, fault] of Object.entries(faults)) {
    expect(code).toMatch(/^[A-Z]+(_[A-Z0-9]+)*$/);
    expect(fault.text, code).toMatch(/\S/);
    for (const sentence of [fault.means, fault.controllerDoes, fault.personShould]) {
      expect(sentence, code).toMatch(/^[A-Z`].*\.$/);
    }
  }
});

test("each alarm says what happens when nobody acts, and its delays are whole milliseconds", () => {
  for (const [code, alarm] of Object.entries<AlarmFault>(alarms)) {
    expect(alarm.kind, code).toBe("alarm");
    expect(alarm.consequence, code).toMatch(/^[A-Z].*\.$/);
    for (const ms of [alarm.onDelayMs, alarm.offDelayMs]) expect(Number.isInteger(ms) && ms >= 0, code).toBe(true);
    // A moment cannot stand for a while; one that neither latches nor lasts would be gone before it is seen.
    if (alarm.lasts === "event") expect(alarm.onDelayMs, code).toBe(0);
    if (alarm.lasts === "event" && !alarm.isLatching) expect(alarm.offDelayMs, code).toBeGreaterThan(0);
  }
});

test("priorities keep their meaning: about 80 % low, 15 % medium, 5 % above", () => {
  const share = (...priorities: readonly string[]): number =>
    Object.values<AlarmFault>(alarms).filter(({ priority }) => priorities.includes(priority)).length /
    Object.keys(alarms).length;
  expect(share("low")).toBeGreaterThanOrEqual(0.7);
  expect(share("medium")).toBeLessThanOrEqual(0.2);
  // Two rows of few: a parcel that leaves unreleased, and one that left before its hold.
  expect(share("high", "critical")).toBeLessThanOrEqual(0.12);
});

test("docs/faults.md is the table", () => {
  expect(readFileSync(`${root}docs/faults.md`, "utf8"), "run `npm run faults`").toBe(faultPage());
});

test("a reason with a source is told in words, an unknown one as it is", () => {
  expect(reasonText("CHUTE_FULL")).toBe("the chute is full");
  expect(reasonText("GATE_NOT_HOME:G1")).toBe("G1: not home when it should be");
  expect(reasonText("GATE_NOT_HOME")).toBe("not home when it should be");
  expect(reasonText("SAFE_END_BLOCKED:B1")).toBe("B1: the safe end is blocked");
  expect(reasonText("OF_TOMORROW:G1")).toBe("OF_TOMORROW:G1");
  expect(faultInWords("OF_TOMORROW")).toBeNull();
});

/** A code that only a comment mentions is shown to nobody. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/[^\n]*/g, "$1");
}
