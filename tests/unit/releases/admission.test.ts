// A permissive word with an impossible time is refused; a restrictive one never is.
import fc from "fast-check";
import { expect, test } from "vitest";
import { DISPOSITIONS } from "../../../src/line/layout.ts";
import { horizonMs, maxAheadMs, refusal } from "../../../src/releases/admission.ts";
import { declared, hold, lift, t0 } from "./samples.ts";

test("a release or a lift from the future is refused, up to the tolerance it is taken", () => {
  for (const event of [declared, lift]) {
    expect(refusal(event({ eventAtMs: t0 + maxAheadMs }), t0)).toBeNull();
    expect(refusal(event({ eventAtMs: t0 + maxAheadMs + 1 }), t0)).toMatchObject({ code: "RELEASE_EVENT_AHEAD" });
  }
});

test("a release older than what may have been forgotten is refused", () => {
  expect(refusal(declared({ eventAtMs: t0 - horizonMs }), t0)).toBeNull();
  expect(refusal(declared({ eventAtMs: t0 - horizonMs - 1 }), t0)).toMatchObject({ code: "RELEASE_EVENT_TOO_OLD" });
});

test("holds and restrictive statuses are taken whatever their time", () => {
  const restrictive = DISPOSITIONS.filter((status) => status !== "released");
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 * t0 }), fc.constantFrom(...restrictive), (eventAtMs, status) => {
      expect(refusal(hold({ eventAtMs }), t0)).toBeNull();
      expect(refusal(declared({ eventAtMs, status }), t0)).toBeNull();
    }),
  );
});
