// The fault table against the code that uses it and the page that is made from it: nothing missing, nothing dead.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { alarms } from "../../src/faults/alarms.ts";
import { errors } from "../../src/faults/errors.ts";
import { faultInWords, faultPage } from "../../src/faults/page.ts";
import { reasons } from "../../src/faults/reasons.ts";
import { faults, reasonText } from "../../src/faults/table.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Words in capitals that are not ours to explain: the environment's, the kernel's, the YAML library's. */
const foreign = new Set([
  "COLINE_EXEC",
  "COLINE_LOG_LEVEL",
  "COLINE_REAL_TIME",
  "COLINE_STOP_WITH",
  "DUPLICATE_KEY",
  "NOTIFY_SOCKET",
  "NO_COLOR",
  "SCHED_FIFO",
  "TAB_AS_INDENT",
  "WATCHDOG_PID",
  "WATCHDOG_USEC",
]);

const sources = ["src", "drivers"]
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
    expect(fault.priority !== undefined, code).toBe(fault.kind === "alarm");
  }
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
