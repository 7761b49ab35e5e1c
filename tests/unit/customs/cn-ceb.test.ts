// Conformance of the CEB status table: every code maps or is unknown, and nothing unlisted is ever released.
import fc from "fast-check";
import { expect, test } from "vitest";
import { cebMeaning, cebMessageTypes, cebTable } from "../../../src/customs/regimes/cn-ceb.ts";
import { DISPOSITIONS } from "../../../src/line/layout.ts";

test("each listed code has a disposition, and only 800 and 899 release", () => {
  for (const type of cebMessageTypes) {
    for (const [code, status] of cebTable[type]) {
      expect(DISPOSITIONS).toContain(status);
      expect(cebMeaning(type, String(code))).toEqual({ is: "status", status });
    }
    expect([...cebTable[type]].filter(([, status]) => status === "released").map(([code]) => code)).toEqual([800, 899]);
  }
});

test("a review that ended, and goods that wait for arrival, are not released", () => {
  expect(cebMeaning("CEB622", "399")).toEqual({ is: "status", status: "pending" });
  expect(cebMeaning("CEB622", "400")).toEqual({ is: "status", status: "pending" });
});

test("seizure and return are import's words: on an export receipt they are unmapped, not released", () => {
  expect(cebMeaning("CEB622", "502")).toEqual({ is: "status", status: "hold" });
  expect(cebMeaning("CEB604", "502")).toEqual({ is: "unmapped", status: "unknown" });
});

test("every code that is not listed is unknown", () => {
  fc.assert(
    fc.property(fc.constantFrom(...cebMessageTypes), fc.oneof(fc.string(), fc.nat().map(String)), (type, code) => {
      const listed = /^[1-9][0-9]*$/.test(code) && cebTable[type].has(Number(code));
      const negative = /^-[0-9]+$/.test(code);
      fc.pre(!listed && !negative);
      expect(cebMeaning(type, code)).toEqual({ is: "unmapped", status: "unknown" });
    }),
  );
});

test("a code spelled otherwise than listed is not that code", () => {
  for (const code of ["0800", " 800", "8e2", "800.0", "+800", "８００"])
    expect(cebMeaning("CEB622", code).is).toBe("unmapped");
});

test("an exception receipt changes nothing: a negative code never overwrites what is known", () => {
  fc.assert(
    fc.property(fc.constantFrom(...cebMessageTypes), fc.integer({ min: -999_999_999, max: -1 }), (type, code) => {
      expect(cebMeaning(type, String(code))).toEqual({ is: "ignore" });
    }),
  );
});

test("no other message releases, the waybill's own receipt included", () => {
  for (const type of ["CEB512", "CEB506", "CEB624", "CEB900", "", "constructor"]) {
    expect(cebMeaning(type, "800")).toEqual({ is: "unmapped", status: "unknown" });
  }
});
