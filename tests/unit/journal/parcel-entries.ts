// What the line core writes for two parcels with one gate: one is released and arrives, the other is held.
import type { LineEntry, LineFact } from "../../../src/line/entry.ts";
import type { Look, ReleaseRecord } from "../../../src/line/release.ts";

export const RELEASED = "SF1234567890";
export const HELD = "YT0000000001";

const record: ReleaseRecord = {
  company: "sf",
  waybill: RELEASED,
  validFromMs: 0,
  validToMs: 1,
  stream: "express",
  direction: "import",
  status: "released",
  pieces: 2,
  spent: 0,
  version: 3,
  authority: "customs",
  reference: "D-77",
  eventAtMs: 0,
};

const look: Look = {
  company: "sf",
  waybill: RELEASED,
  result: "record",
  record,
  holds: [],
  feedAgeNs: 1_200_000_000,
  carriedJournal: "j",
  carriedEntry: 0,
};

const heldLook: Look = {
  ...look,
  company: "yt",
  waybill: HELD,
  result: "miss",
  record: null,
  holds: [{ authority: "quarantine", kind: "sample", reference: "Q-1", placedAtMs: 0 }],
};

const facts: LineFact[] = [
  { kind: "item", itemId: 11, beltId: "belt1", eyeId: "induction", beltUm: 0, errorUm: 0 },
  { kind: "item", itemId: 12, beltId: "belt1", eyeId: "induction", beltUm: 0, errorUm: 0 },
  telegram(11, [], [RELEASED]),
  decision({ itemId: 11, waybill: RELEASED, look, disposition: "released", why: "RELEASED", chuteId: "C1" }),
  telegram(12, [], [HELD]),
  decision({ itemId: 12, waybill: HELD, look: heldLook, disposition: "hold", why: "HELD", chuteId: null }),
  {
    kind: "permit",
    itemId: 11,
    gateId: "g1",
    chuteId: "C1",
    zone: { kind: "outbound", stream: "express", direction: "import" },
    release: `sf/${RELEASED}/0`,
    decision: 1,
  },
  { kind: "lastLook", permit: 7, go: true, looks: [look], refusals: [], plannedNs: 5 },
  { kind: "command", permit: 7, outcome: "done" },
  { kind: "withdraw", id: 90, gateId: "g1", voidUpTo: 7, why: "HELD" },
  { kind: "withdraw", id: 91, gateId: "g2", voidUpTo: 7, why: "HELD" },
  { kind: "withdrawal", id: 90, outcome: "done" },
  { kind: "withdrawal", id: 91, outcome: "inDoubt" },
  end(11, "arrived", "C1", RELEASED),
  { kind: "withdraw", id: 92, gateId: "g1", voidUpTo: 7, why: "HELD" },
  end(12, "arrived", null, HELD),
];

/** Numbered from 1, a second apart. */
export const parcelEntries: readonly LineEntry[] = facts.map((fact, index) => ({
  n: index + 1,
  atNs: index * 1_000_000_000,
  ...fact,
}));

function telegram(itemId: number, spoiled: number[], codes: string[]): LineFact {
  const times = { firstByteNs: 0, lastByteNs: 1, arrivedAfterNs: 0 };
  return { kind: "telegram", scannerId: "scan1", itemId, spoiled, result: "codes", codes, rawHex: "", ...times };
}

function decision(o: {
  itemId: number;
  waybill: string;
  look: Look;
  disposition: "released" | "hold";
  why: string;
  chuteId: string | null;
}): LineFact {
  return {
    kind: "decision",
    itemId: o.itemId,
    version: 1,
    identity: { kind: "code", waybill: o.waybill, companies: [o.look.company], patternId: "p" },
    looks: [o.look],
    disposition: o.disposition,
    why: o.why,
    ruleId: o.chuteId === null ? null : "r1",
    layoutHash: "h",
    chuteId: o.chuteId,
    refusals: o.chuteId === null ? [] : [{ clause: 4, code: "CHUTE_FULL", chuteId: "C0", detail: "40 parcels" }],
  };
}

function end(itemId: number, how: "arrived", chuteId: string | null, waybill: string): LineFact {
  return { kind: "end", itemId, end: how, chuteId, possiblyOutbound: false, reason: "RELEASED", waybill };
}
