// What the meter measures of telegrams: their time on the scanner's wire, apart from the reaction that follows it.
import { expect, test } from "vitest";
import { lineMeter } from "../../../src/controller/line-meter.ts";
import type { LineEntry } from "../../../src/line/entry.ts";
import { createMetrics } from "../../../src/process/metrics.ts";

test("each telegram's bytes give its time on the wire, by scanner", () => {
  const metrics = createMetrics();
  const asked: [string, number][] = [];
  const meter = lineMeter(metrics, (scannerId, byteCount) => {
    asked.push([scannerId, byteCount]);
    return byteCount * 1e6;
  });
  const telegram: LineEntry = {
    ...{
      kind: "telegram",
      n: 1,
      atNs: 0,
      scannerId: "scan1",
      itemId: null,
      spoiled: [],
      result: "codes",
      codes: ["A1"],
    },
    ...{ rawHex: "02413103", firstByteNs: 1, lastByteNs: 2, arrivedAfterNs: 0 },
  };
  meter.entry(telegram, 3);
  expect(asked).toEqual([["scan1", 4]]);
  const [wire] = metrics.snapshot().stages.filter(({ stage }) => stage === "wire");
  expect(wire).toMatchObject({ device: "scan1", sinceStart: { count: 1, lastNs: 4e6 } });
  metrics.close();
});
