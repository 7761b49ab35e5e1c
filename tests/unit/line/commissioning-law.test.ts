// Whatever people do with test parcels: none of customs' leaves before each chute is proved, and no test parcel unguarded.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LineEntry } from "../../../src/line/entry.ts";
import { howOften } from "../../how-often.ts";
import { give } from "./command-requests.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const CHUTES = ["out", "store", "end"] as const;
const CODES = ["COLINE-TEST-01", "COLINE-TEST-02"] as const;

type Deed =
  | { do: "guard"; chuteId: (typeof CHUTES)[number]; code: (typeof CODES)[number]; seconds: number }
  | { do: "leave" | "confirm"; chuteId: (typeof CHUTES)[number] }
  | { do: "void" }
  | { do: "test"; code: (typeof CODES)[number] }
  | { do: "parcel"; isReleased: boolean; alsoBears: (typeof CODES)[number] | null }
  | { do: "restart"; plantHash: "plant-1" | "plant-2" }
  | { do: "wait"; ms: number };

const chuteId = fc.constantFrom(...CHUTES);
const code = fc.constantFrom(...CODES);
const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant("guard" as const), chuteId, code, seconds: fc.constantFrom(10, 60) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("leave" as const, "confirm" as const), chuteId }) },
    { weight: 1, arbitrary: fc.constant<Deed>({ do: "void" }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant("test" as const), code }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant("parcel" as const),
        isReleased: fc.boolean(),
        alsoBears: fc.option(code, { freq: 4 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("restart" as const),
        plantHash: fc.constantFrom("plant-1" as const, "plant-1" as const, "plant-2" as const),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 200, max: 4000 }) }) },
  ),
  { minLength: 4, maxLength: 14 },
);

const layoutOf = (plantHash: string) => oneGateLayout({ hash: plantHash, commissioning: { plantHash } });

function play(all: readonly Deed[]): LineEntry[] {
  let line = new LineFixture(layoutOf("plant-1")).warmUp();
  const entries: LineEntry[] = [];
  let parcels = 0;
  for (const deed of all) {
    switch (deed.do) {
      case "guard":
        give(line, { command: "guardChute", chuteId: deed.chuteId, code: deed.code, seconds: deed.seconds });
        break;
      case "leave":
        give(line, { command: "leaveChute", chuteId: deed.chuteId });
        break;
      case "confirm":
        give(line, { command: "confirmArrival", chuteId: deed.chuteId });
        break;
      case "void":
        give(line, { command: "voidCommissioning" });
        break;
      case "test":
        line.put({ code: deed.code, atMs: line.nowMs + 10 }).runTo(line.nowMs + 450);
        break;
      case "parcel": {
        parcels += 1;
        const waybill = `P${parcels}`;
        if (deed.isReleased) line.release(waybill);
        const label = deed.alsoBears === null ? waybill : `${waybill};${deed.alsoBears}`;
        line.put({ code: label, atMs: line.nowMs + 10 }).runTo(line.nowMs + 450);
        break;
      }
      case "restart":
        line.runTo(line.nowMs + 4500);
        entries.push(...line.entries);
        line = new LineFixture(layoutOf(deed.plantHash), { entries: [...entries] }).warmUp();
        break;
      case "wait":
        line.runTo(line.nowMs + deed.ms);
        break;
      default:
        deed satisfies never;
    }
  }
  line.runTo(line.nowMs + 4500);
  return [...entries, ...line.entries];
}

/** Read from the journal alone, by a reckoning of its own. */
function judge(entries: readonly LineEntry[]): { broken: string[]; isCompleted: boolean; isReleasedOut: boolean } {
  const broken: string[] = [];
  let proved = new Set<string>();
  let [isCompleted, isReleasedOut] = [false, false];
  let guard: { chuteId: string; code: string; untilNs: number; itemId: number | null } | null = null;
  const names = new Map<number, string>();
  const permits = new Map<number, Extract<LineEntry, { kind: "permit" }>>();
  for (const entry of entries) {
    switch (entry.kind) {
      case "commissioning":
        proved = new Set();
        guard = null;
        break;
      case "run":
        guard = null;
        break;
      case "proof":
        proved.add(entry.chuteId);
        isCompleted ||= CHUTES.every((id) => proved.has(id));
        break;
      case "operator": {
        if (!entry.accepted) break;
        const [, what] = JSON.parse(entry.asked) as [string, { chuteId: string; code: string; seconds: number }];
        if (entry.command === "guardChute") guard = { ...what, untilNs: entry.atNs + what.seconds * 1e9, itemId: null };
        if (entry.command === "leaveChute") guard = null;
        break;
      }
      case "decision":
        names.set(entry.itemId, entry.identity.kind === "test" ? entry.identity.code : "");
        break;
      case "permit":
        permits.set(entry.n, entry);
        break;
      case "lastLook": {
        const permit = permits.get(entry.permit);
        if (!entry.go || permit === undefined || permit.zone.kind !== "outbound") break;
        if (permit.release !== null) {
          isReleasedOut = true;
          if (!CHUTES.every((id) => proved.has(id))) broken.push(`permit ${entry.permit} before all was proved`);
          break;
        }
        const isGuarded =
          guard !== null &&
          guard.chuteId === permit.chuteId &&
          guard.code === names.get(permit.itemId) &&
          entry.atNs <= guard.untilNs &&
          (guard.itemId ?? permit.itemId) === permit.itemId;
        if (!isGuarded) broken.push(`permit ${entry.permit} without release or guard`);
        else if (guard !== null) guard.itemId = permit.itemId;
        break;
      }
      default:
        break;
    }
  }
  return { broken, isCompleted, isReleasedOut };
}

test("no order of guards, test parcels, restarts and changes lets one go that may not", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(deeds, (all) => {
      expect(judge(play(all)).broken).toEqual([]);
    }),
    { numRuns: howOften({ usually: 12, long: 600 }) },
  );
});

test("the same reckoning finds a line that is proved and lets go", () => {
  const prove = (id: (typeof CHUTES)[number]): Deed[] => [
    { do: "guard", chuteId: id, code: CODES[0], seconds: 60 },
    { do: "test", code: CODES[0] },
    { do: "wait", ms: 3400 },
  ];
  const parcel: Deed = { do: "parcel", isReleased: true, alsoBears: null };
  const all = [parcel, ...CHUTES.flatMap(prove), parcel];
  expect(judge(play(all))).toEqual({ broken: [], isCompleted: true, isReleasedOut: true });
});
