// What test parcels have shown of a belt, against line.yaml: its encoder, its speed, and the places of its eyes.
import type { TestResult } from "../../line/commissioning-state.ts";
import { type EyePlace, passageOf, type SeenAt } from "./passage.ts";

export interface Difference {
  /** What of line.yaml or chutes.yaml it is about, such as `eye track`. */
  about: string;
  text: string;
  /** For its entry there; null: nothing to paste. */
  paste: string | null;
}

export interface BeltSays {
  beltId: string;
  speedMmPerS: number;
  /** null: it has no encoder, and its travel is reckoned from its speed. */
  mmPerCount: number | null;
  /** Upstream first. */
  eyes: readonly EyePlace[];
}

/** Of the speed: nothing that is reckoned depends on less. */
const SPEED_TOLERANCE = 0.02;
/** Tape measures and eyes' mounts; below it no place is worth a line. */
const PLACE_TOLERANCE_MM = 2;

export function beltDifferences(says: BeltSays, results: readonly Pick<TestResult, "edges">[]): Difference[] {
  const ways = results.flatMap(({ edges }) => passageOf(edges, says.eyes) ?? []);
  const eyes = says.eyes.flatMap(({ id }) => averaged(ways.filter(({ eyeId }) => eyeId === id)));
  return [...scaleAndPlaces(says, eyes), ...speed(says, eyes)];
}

/** Of several passages one, the more of them the surer. */
function averaged(ways: readonly SeenAt[]): SeenAt[] {
  const [first] = ways;
  if (first === undefined) return [];
  const mean = (of: (way: SeenAt) => number): number => ways.reduce((sum, way) => sum + of(way), 0) / ways.length;
  const errorMm = mean((way) => way.errorMm) / Math.sqrt(ways.length) + PLACE_TOLERANCE_MM;
  return [{ ...first, travelMm: mean((way) => way.travelMm), afterNs: mean((way) => way.afterNs), errorMm }];
}

/**
 * All eyes out by the same share: that is the encoder's wheel. One eye out alone: that eye is elsewhere. The middle one of
 * the shares tells the two apart, as long as most eyes are where line.yaml says.
 */
function scaleAndPlaces(says: BeltSays, eyes: readonly SeenAt[]): Difference[] {
  const shares = eyes.map(({ travelMm, wantedMm }) => travelMm / wantedMm).sort((a, b) => a - b);
  const scale = shares[Math.floor(shares.length / 2)] ?? 1;
  const isOff =
    eyes.length >= 2 &&
    eyes.every(({ wantedMm, errorMm }) => Math.abs(scale - 1) * wantedMm > errorMm / 2) &&
    eyes.some(({ wantedMm, errorMm }) => Math.abs(scale - 1) * wantedMm > errorMm);
  const by = isOff ? scale : 1;
  const found: Difference[] = [];
  if (isOff) found.push(scaleDifference(says, scale));
  for (const { eyeId, travelMm, wantedMm, errorMm } of eyes) {
    const outMm = travelMm / by - wantedMm;
    if (Math.abs(outMm) <= errorMm) continue;
    const atMm = says.eyes.find(({ id }) => id === eyeId)?.atMm ?? 0;
    const where = outMm > 0 ? "further on" : "earlier";
    found.push({
      about: `eye ${eyeId}`,
      text: `saw the front ${round(Math.abs(outMm))} mm ${where} than its place says`,
      paste: `atMm: ${round(atMm + outMm)}`,
    });
  }
  return found;
}

function scaleDifference({ beltId, mmPerCount, speedMmPerS }: BeltSays, scale: number): Difference {
  const percent = `${Math.abs((scale - 1) * 100).toFixed(1)} % too ${scale > 1 ? "far" : "short"}`;
  if (mmPerCount === null)
    return {
      about: `belt ${beltId}`,
      text: `the travel is reckoned ${percent}: its speed`,
      paste: `speedMmPerS: ${round(speedMmPerS / scale)}`,
    };
  return {
    about: `belt ${beltId}`,
    text: `from eye to eye the encoder counts ${percent}`,
    paste: `mmPerCount: ${Number((mmPerCount / scale).toPrecision(4))}`,
  };
}

function speed({ beltId, speedMmPerS, mmPerCount }: BeltSays, eyes: readonly SeenAt[]): Difference[] {
  const last = eyes.at(-1);
  // Without an encoder the scale says it already.
  if (last === undefined || last.afterNs <= 0 || mmPerCount === null) return [];
  const seenMmPerS = (last.wantedMm / last.afterNs) * 1e9;
  if (Math.abs(seenMmPerS / speedMmPerS - 1) <= SPEED_TOLERANCE) return [];
  return [
    {
      about: `belt ${beltId}`,
      text: `ran at ${round(seenMmPerS)} mm/s from eye to eye, and speedMmPerS says ${speedMmPerS}`,
      paste: `speedMmPerS: ${round(seenMmPerS)}`,
    },
  ];
}

const round = (value: number): number => Math.round(value);
