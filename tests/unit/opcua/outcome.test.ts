// What a server's answer to a command says: done, certainly not done, or in doubt.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { doubtAfter } from "../../../drivers/buses/request.ts";
import { outcomeOf } from "../../../drivers/opcua/outcome.ts";

const of = (...statuses: number[]) => outcomeOf(statuses.map((status) => ({ status, name: status.toString(16) })));
const GOOD = 0;
const TYPE_MISMATCH = 0x8074_0000;
const NOT_WRITABLE = 0x803b_0000;
const INVALID_STATE = 0x80af_0000;
const TIMEOUT = 0x800a_0000;

describe("an answer to a command", () => {
  test("that is good for all is done", () => {
    expect(of(GOOD)).toEqual({ kind: "written" });
    expect(of(GOOD, GOOD)).toEqual({ kind: "written" });
  });

  test("that refuses before anything was done is no doubt", () => {
    const reply = of(TYPE_MISMATCH);
    expect(reply).toMatchObject({ kind: "exception", text: "80740000" });
    expect(reply.kind === "exception" && doubtAfter(reply.code)).toBe("none");
  });

  test("that says the device obeys nothing now is the one of a tripped watchdog", () => {
    expect(of(INVALID_STATE)).toMatchObject({ kind: "exception", code: 4 });
  });

  test("of a server that waited in vain for its PLC is in doubt until the device shows what it did", () => {
    const reply = of(TIMEOUT);
    expect(reply.kind === "exception" && doubtAfter(reply.code)).toBe("untilShown");
  });

  test("that is missing, or of several kinds, is in doubt", () => {
    for (const reply of [of(), of(GOOD, TYPE_MISMATCH), of(TIMEOUT, TYPE_MISMATCH)])
      expect(reply.kind === "exception" && doubtAfter(reply.code)).toBe("untilShown");
    const refused = of(TYPE_MISMATCH, NOT_WRITABLE);
    expect(refused.kind === "exception" && doubtAfter(refused.code)).toBe("none");
  });

  test("is never taken for done unless it is plainly good", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0x0001_0000, max: 0xffff_ffff }), (status) => {
        expect(of(status).kind).toBe("exception");
      }),
    );
  });
});
