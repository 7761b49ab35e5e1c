// An officer's hold at the line: taken only where a parcel can be called so, since a hold that holds nobody is none.
import { expect, test } from "vitest";
import type { CodePattern, LineLayout } from "../../../src/line/layout.ts";
import { give } from "./command-requests.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const SSCC = "369012340000000000";

function site(): LineLayout {
  const patterns: CodePattern[] = [
    { id: "sscc", regex: "(00)?[0-9]{18}", check: "sscc", companies: ["CAINIAO"], rank: 1 },
    { id: "ai", regex: "00[0-9]{18}", check: "sscc", companies: ["SF"], rank: 1 },
    { id: "s10", regex: "[A-Z]{2}[0-9]{9}[A-Z]{2}", check: "s10", companies: ["EMS", "POST"], rank: 1 },
  ];
  return { ...oneGateLayout(), patterns };
}

const hold = (company: string, waybill: string) =>
  give(new LineFixture(site()), { command: "holdCode", company, waybill, reference: "line", officer: null });

test.each([
  ["CAINIAO", SSCC],
  ["SF", SSCC],
  ["EMS", "RB123456785GB"],
  ["POST", "RB123456785GB"],
])("%s %s is a waybill of that company, and is held", (company, waybill) => {
  expect(hold(company, waybill)).toMatchObject({ accepted: true, code: null });
});

test.each([
  ["the company written otherwise", "Ems", "RB123456785GB", "EMS or POST RB123456785GB"],
  ["another company's number", "EMS", SSCC, `CAINIAO ${SSCC}`],
  ["a number with its application identifier", "CAINIAO", `00${SSCC}`, `CAINIAO or SF ${SSCC}`],
  ["a wrong check digit", "EMS", "RB123456786GB", "no waybill"],
])("%s would hold nobody, and is refused with what is read here", (_case, company, waybill, readAs) => {
  const answer = hold(company, waybill);
  expect(answer).toMatchObject({ accepted: false, code: "COMMAND_CODE_UNREAD" });
  expect(answer.detail).toBe(`${company} ${waybill} is read here as ${readAs}`);
});

test("a lift is taken whatever the site reads by now", () => {
  const lift = { command: "liftCode", company: "GONE", waybill: "X1", reference: "line", officer: null } as const;
  expect(give(new LineFixture(site()), lift)).toMatchObject({ accepted: true });
});
