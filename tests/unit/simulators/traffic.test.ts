// The parcels of a shift: valid numbers, no two alike, the mix that was asked for, the same for the same seed.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ParcelPlan } from "../../../simulators/world/parcel.ts";
import { createTraffic, ORDINARY_SHIFT, type TrafficPlan } from "../../../simulators/world/traffic.ts";
import { dhl10, fedex12, s10, sscc, ups1z, waybillNumber } from "../../../simulators/world/waybills.ts";

const plan: TrafficPlan = {
  ...ORDINARY_SHIFT,
  seed: 1,
  beltId: "b",
  first: 0,
  stride: 1,
  parcels: 4000,
  perHour: 10_000,
  speedUmPerS: 2_000_000,
  minLengthUm: 150_000,
  maxLengthUm: 270_000,
  minGapUm: 450_000,
  ridingUm: { fromUm: 1_200_000, toUm: 2_500_000 },
};

function all(over: Partial<TrafficPlan> = {}): ParcelPlan[] {
  const source = createTraffic({ ...plan, ...over });
  const parcels: ParcelPlan[] = [];
  for (let parcel = source.next(); parcel !== null; parcel = source.next()) parcels.push(parcel);
  return parcels;
}

test("numbers of real parcels are made again from their serials", () => {
  // Published test numbers of the carriers; the S10 one is the standard's own example.
  expect(s10({ service: "RB", serial: "12345678", country: "GB" })).toBe("RB123456785GB");
  expect(s10({ service: "EE", serial: "47312482", country: "CN" })).toBe("EE473124829CN");
  expect(ups1z("5R8939035756712")).toBe("1Z5R89390357567127");
  expect(ups1z("879E93034683444")).toBe("1Z879E930346834440");
  expect(fedex12("98657878885")).toBe("986578788855");
  expect(fedex12("47717908123")).toBe("477179081230");
  expect(dhl10("331881002")).toBe("3318810025");
  expect(sscc("00012345000000002")).toBe("000123450000000027");
});

test("no two indexes give one number", () => {
  const carriers = fc.constantFrom("EMS", "UPS", "FEDEX", "DHL", "CAINIAO" as const);
  const index = fc.integer({ min: 0, max: 99_999_999 });
  fc.assert(
    fc.property(carriers, index, index, (carrier, a, b) => {
      expect(waybillNumber(carrier, a) === waybillNumber(carrier, b)).toBe(a === b);
    }),
  );
});

test("lengths, pitch and gap are what was asked for", () => {
  for (const { lengthUm, pitchUm } of all()) {
    expect(lengthUm).toBeGreaterThanOrEqual(150_000);
    expect(lengthUm).toBeLessThanOrEqual(270_000);
    expect(pitchUm).toBe(720_000);
    expect(pitchUm - lengthUm).toBeGreaterThanOrEqual(450_000);
  }
});

test("every fate, stream and direction of an ordinary shift comes about its share", () => {
  const parcels = all();
  const share = (has: (parcel: ParcelPlan) => boolean) => parcels.filter(has).length / parcels.length;
  for (const { fate, weight } of plan.fates) {
    expect(share((parcel) => parcel.fate === fate)).toBeGreaterThan(weight / 200);
    expect(share((parcel) => parcel.fate === fate)).toBeLessThan(weight / 50);
  }
  for (const { stream, direction, weight } of plan.flows) {
    const found = share((parcel) => parcel.stream === stream && parcel.direction === direction);
    expect(Math.abs(found - weight / 10)).toBeLessThan(0.03);
  }
  expect(share(({ unreadable }) => unreadable)).toBeGreaterThan(0.01);
});

test("only a copied label bears the number of another parcel, and it is an earlier one's", () => {
  const seen = new Map<string, string>();
  for (const parcel of all()) {
    const before = seen.get(parcel.waybill);
    expect(parcel.copyOf).toBe(parcel.fate === "copied" ? before : null);
    if (parcel.fate !== "copied") expect(before).toBeUndefined();
    if (before === undefined) seen.set(parcel.waybill, parcel.id);
    for (const code of parcel.otherCodes) {
      expect(seen.has(code)).toBe(false);
      seen.set(code, parcel.id);
    }
  }
});

test("the same seed draws the same shift, another seed another", () => {
  expect(all()).toEqual(all());
  expect(all({ seed: 2 })).not.toEqual(all());
});

test("a rate that leaves no room for the gap is refused with the highest one that does", () => {
  expect(() => createTraffic({ ...plan, perHour: 10_500 })).toThrow(/at most 10000 an hour/);
});
