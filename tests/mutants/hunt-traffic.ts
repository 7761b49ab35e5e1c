// What the hunts have in common: what comes onto the belt, what customs says of it, and for how long.

/** Of everything that must not leave a good share; nothing goes wrong. */
export const mixed = {
  traffic: { noReadShare: 0.04, secondCodeShare: 0.04 },
  customs: {
    shares: {
      releasedRiding: 0.08,
      heldRiding: 0.08,
      inspect: 0.06,
      held: 0.08,
      partlyLifted: 0.06,
      pending: 0.06,
      return: 0.03,
      withoutRecord: 0.04,
      copied: 0.04,
    },
  },
};
/** Nearly everything is released and leaves. */
export const released = {
  traffic: { noReadShare: 0, secondCodeShare: 0 },
  customs: {
    shares: {
      ...{ releasedRiding: 0, heldRiding: 0, inspect: 0.02, held: 0.02, pending: 0.02, return: 0 },
      ...{ withoutRecord: 0.02, copied: 0 },
    },
  },
};
/** One belt of plain coils, which sorts express parcels only. */
export const express = {
  ...released,
  traffic: { ...released.traffic, streams: { expressImport: 3, expressExport: 2, cbecImport: 0, cbecExport: 0 } },
};
export const short = { durationS: 75, calmS: 32 };
export const longer = { durationS: 110, calmS: 32 };
