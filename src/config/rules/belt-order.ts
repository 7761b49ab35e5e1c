// Along a belt everything lies in the order in which a parcel meets it, and nothing lies beyond its end.
import { type Draft, entries } from "../draft.ts";
import type { BeltConfig } from "../line-schema.ts";
import type { Path } from "../problem.ts";
import type { Finding, Rule } from "./rule.ts";

type Belt = Draft<BeltConfig>;
type Say = (path: Path, finding: Finding) => void;

export const beltsAreInOrder: Rule = (site, report) => {
  for (const [index, belt] of entries(site.line.belts)) {
    const say: Say = (path, finding) => report("line.yaml", ["belts", index, ...path], finding);
    saySizes(belt, say);
    sayPlaces(belt, say);
    sayEyes(belt, say);
    sayGates(belt, say);
  }
};

/** Pairs of values of which the first must be below the second. */
function saySizes(belt: Belt, say: Say): void {
  below(belt.minSpeedMmPerS, belt.speedMmPerS, say, ["minSpeedMmPerS"], "the belt's speed");
  below(belt.items?.minLengthMm, belt.items?.maxLengthMm, say, ["items", "minLengthMm"], "the longest item");
  for (const [index, station] of entries(belt.stations)) {
    below(station.fromMm, station.toMm, say, ["stations", index, "fromMm"], "toMm");
  }
}

function below(low: number | undefined, high: number | undefined, say: Say, path: Path, than: string): void {
  if (low === undefined || high === undefined || low < high) return;
  say(path, { code: "CONFIG_OUT_OF_RANGE", what: `${path.at(-1)} is ${low}`, right: `below ${high}, ${than}` });
}

function sayPlaces(belt: Belt, say: Say): void {
  const length = belt.lengthMm;
  if (length === undefined) return;
  for (const key of ["eyes", "stations", "gates"] as const) {
    for (const [index, item] of entries<{
      id?: string | undefined;
      atMm?: number | undefined;
      sweptMm?: number | undefined;
    }>(belt[key])) {
      const end = (item.atMm ?? 0) + (item.sweptMm ?? 0);
      if (end <= length) continue;
      say([key, index, "atMm"], {
        code: "CONFIG_OFF_BELT",
        what: `"${item.id}" reaches to ${end} mm, but the belt ends at ${length} mm`,
        right: `at most ${length - (item.sweptMm ?? 0)}`,
      });
    }
    ascending(belt[key], [key], say);
  }
}

function ascending(
  list: readonly ({ atMm?: number | undefined; role?: string | undefined } | undefined)[] | undefined,
  path: Path,
  say: Say,
): void {
  let previous = Number.NEGATIVE_INFINITY;
  for (const [index, { atMm, role }] of entries(list)) {
    // The width eye stands beside another one.
    if (atMm === undefined || role === "width") continue;
    if (atMm <= previous) {
      say([...path, index, "atMm"], {
        code: "CONFIG_OUT_OF_ORDER",
        what: `${path.at(-1)}[${index}] lies at ${atMm} mm, not behind the one before it at ${previous} mm`,
        right: `${path.at(-1)} listed from upstream to downstream, each at a place of its own`,
      });
    }
    previous = Math.max(previous, atMm);
  }
}

function sayEyes(belt: Belt, say: Say): void {
  const eyes = belt.eyes;
  if (eyes === undefined || eyes.some((eye) => eye?.role === undefined)) return;
  const along = entries(eyes).filter(([, { role }]) => role !== "width");
  for (const [place, [index, eye]] of along.entries()) {
    const [first, last] = [place === 0, place === along.length - 1];
    if ((eye.role === "induction") === first && (eye.role === "end") === last) continue;
    const right = first ? "induction" : last ? "end" : "track";
    say(["eyes", index, "role"], {
      code: "CONFIG_EYE_ROLE",
      what: `eye "${eye.id}" is ${first ? "the first" : last ? "the last" : "in the middle"}, but its role is ${eye.role}`,
      right: `${right}: one induction eye first, one end eye last, track eyes between`,
    });
  }
  sayWidth(belt, say);
}

/** Its place along the belt is compared with the induction eye's, to a millimetre: what is off is error of its own. */
function sayWidth(belt: Belt, say: Say): void {
  const induction = belt.eyes?.find((eye) => eye?.role === "induction");
  const width = entries(belt.eyes).filter(([, { role }]) => role === "width");
  for (const [place, [index, { id, atMm }]] of width.entries()) {
    if (place > 0) {
      say(["eyes", index, "role"], {
        code: "CONFIG_EYE_ROLE",
        what: `eye "${id}" is a second width eye of belt "${belt.id}"`,
        right: "one width eye for each belt",
      });
    } else if (atMm !== undefined && induction?.atMm !== undefined && Math.abs(atMm - induction.atMm) > MOST_ASIDE_MM) {
      say(["eyes", index, "atMm"], {
        code: "CONFIG_EYE_ROLE",
        what: `width eye "${id}" lies at ${atMm} mm, the induction eye at ${induction.atMm} mm`,
        right: `at most ${MOST_ASIDE_MM} mm from ${induction.atMm}: beside the induction eye`,
      });
    }
  }
}

/** Further apart, a parcel could come into one of the two beams alone. */
const MOST_ASIDE_MM = 50;

function sayGates(belt: Belt, say: Say): void {
  const stations = entries(belt.stations).map(([, station]) => station);
  const endMm = belt.eyes?.find((eye) => eye?.role === "end")?.atMm;
  let previousEnd = { id: "", mm: Number.NEGATIVE_INFINITY };
  for (const [index, { id, atMm, sweptMm }] of entries(belt.gates)) {
    if (atMm === undefined || sweptMm === undefined) continue;
    for (const station of stations) {
      const readMm = (station.atMm ?? Number.NEGATIVE_INFINITY) + (station.toMm ?? 0);
      if (atMm > readMm) continue;
      say(["gates", index, "atMm"], {
        code: "CONFIG_GATE_BEFORE_STATION",
        what: `gate "${id}" lies at ${atMm} mm, where station "${station.id}" may still be reading (to ${readMm} mm)`,
        right: `above ${readMm}`,
      });
    }
    if (atMm < previousEnd.mm) {
      say(["gates", index, "atMm"], {
        code: "CONFIG_GATES_OVERLAP",
        what: `gate "${id}" lies at ${atMm} mm, inside the zone that "${previousEnd.id}" sweeps`,
        right: `at least ${previousEnd.mm}`,
      });
    }
    if (endMm !== undefined && atMm + sweptMm > endMm) {
      say(["gates", index, "atMm"], {
        code: "CONFIG_OUT_OF_ORDER",
        what: `gate "${id}" reaches to ${atMm + sweptMm} mm, past the end eye at ${endMm} mm`,
        right: `at most ${endMm - sweptMm}`,
      });
    }
    previousEnd = { id: id ?? "", mm: atMm + sweptMm };
  }
}
