// A PLC that answers late while scanners talk on: a parcel that no sample has shown yet gives its name to nobody ahead of it.
import { describe, expect, test } from "vitest";
import type { LineLayout } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

interface Case {
  station: { atUm: number; fromUm: number; toUm: number };
  minItemUm?: number;
  /** The one ahead, whose label cannot be read. */
  lengthMm: number;
  pitchMm: number;
  /** Of the released one behind it, on the belt, when the last sample is taken and when its telegram comes. */
  lastSampleMm: number;
  telegramMm: number;
}

const ms = (um: number): number => um / 2000;

function layoutOf({ station, minItemUm }: Case): LineLayout {
  const layout = oneGateLayout();
  const belts = layout.belts.map((belt) => ({
    ...belt,
    ...(minItemUm === undefined ? {} : { minItemUm }),
    stations: belt.stations.map((each) => ({ ...each, ...station })),
  }));
  return { ...layout, belts };
}

/** @param o.noRead the scanner has said that it could not read the one ahead */
function hang(o: Case, { hangMs, noRead }: { hangMs: number; noRead: boolean }): LineFixture {
  const line = new LineFixture(layoutOf(o)).warmUp().release("B1");
  const at = Math.ceil(line.nowMs / 10) * 10 + 100;
  const [ahead, behind] = [at, at + o.pitchMm / 2];
  line.put({ code: "", atMs: ahead, lengthMm: o.lengthMm }, { code: "", atMs: behind });
  const past = (parcel: number, mm: number): number => parcel + mm / 2;
  const untilSampled = past(behind, o.lastSampleMm);
  const telegramAt = past(behind, o.telegramMm);
  const readAt = Math.min(past(ahead, Math.max(10, o.telegramMm)), untilSampled - 5);
  line.runTo(readAt);
  if (noRead) line.telegram([]);
  line.runTo(untilSampled);
  line.isHeldUp = true;
  line.runTo(telegramAt);
  line.telegram(["B1"]);
  line.runTo(untilSampled + hangMs);
  line.isHeldUp = false;
  return line.runTo(line.nowMs + 6000);
}

const BEHIND_THE_EYE: Case = {
  station: { atUm: 400_000, fromUm: 50_000, toUm: 400_000 },
  lengthMm: 120,
  pitchMm: 598,
  lastSampleMm: -3,
  telegramMm: 252,
};
const AT_THE_EYE: Case = {
  station: { atUm: 200_000, fromUm: 0, toUm: 530_000 },
  minItemUm: 150_000,
  lengthMm: 155,
  pitchMm: 600,
  lastSampleMm: -70,
  telegramMm: 4,
};

describe.each([true, false])("the one ahead was said to be unread: %s", (noRead) => {
  test.each([128, 133, 140, 148])("a station just behind the eye, and a reply that is out for %i ms", (hangMs) => {
    const line = hang(BEHIND_THE_EYE, { hangMs, noRead });
    expect(line.parcels[0]?.where).toBe("end");
    expect(line.facts("breach")).toEqual([]);
  });

  test.each([50, 55, 60, 65])("a station at the eye, and a reply that is out for %i ms", (hangMs) => {
    for (const toUm of [525_000, 530_000, 535_000, 540_000]) {
      const line = hang({ ...AT_THE_EYE, station: { ...AT_THE_EYE.station, toUm } }, { hangMs, noRead });
      expect([toUm, line.parcels[0]?.where]).toEqual([toUm, "end"]);
      expect(line.facts("breach")).toEqual([]);
    }
  });
});

test("a station at the eye, and a PLC that answers in time: each has its own name", () => {
  const line = new LineFixture(layoutOf({ ...AT_THE_EYE, station: { ...AT_THE_EYE.station, toUm: 300_000 } })).warmUp();
  const at = line.nowMs + 100;
  const codes = ["A1", "A2", "A3"];
  codes.forEach((code, index) => {
    line.release(code).put({ code: "", atMs: at + index * 400 });
  });
  codes.forEach((code, index) => {
    line.runTo(at + index * 400 + ms(100_000));
    line.telegram([code]);
  });
  line.runTo(at + 8000);
  expect(line.facts("telegram").map(({ itemId }) => itemId)).toEqual([1, 2, 3]);
  expect(line.parcels.map(({ where }) => where)).toEqual(["out", "out", "out"]);
});
