// Whether the sensors see enough: items told apart, every item and gap sampled, one item a telegram.
import { driftUm, eyeErrorUm } from "../line/eye-error.ts";
import type { BeltLayout, EyeLayout, LineLayout } from "../line/layout.ts";
import { ARRIVAL_BLUR_NS } from "../line/telegram.ts";
import { driftToEyeUm } from "../line/waiting.ts";
import { atMostMm, type BeltFacts, inMm, inMs, type ProofFinding, type ScannerFacts, travelUm } from "./facts.ts";
import { beltEyes, positionErrorUm } from "./position-error.ts";

/** The line core takes an edge this much off the computed error for the same item's (rounded fronts). */
const EDGE_SLACK_UM = 10_000;

export function sensingFindings(
  layout: LineLayout,
  belts: readonly BeltFacts[],
  scanners: readonly ScannerFacts[],
): ProofFinding[] {
  return layout.belts.flatMap((belt) => {
    const gapUm = belts.find((each) => each.beltId === belt.id)?.guaranteedGapUm ?? 0;
    return [
      ...sampleFindings(belt, gapUm),
      ...distanceFindings(belt, gapUm),
      ...stationFindings(belt, gapUm, scanners),
    ];
  });
}

/** Every item and every gap must fall into at least one sample, or two items are one. */
function sampleFindings(belt: BeltLayout, gapUm: number): ProofFinding[] {
  const shortestUm = Math.min(belt.minItemUm, gapUm);
  return belt.eyes.flatMap((eye): ProofFinding[] => {
    if (eye.debounceNs > 0) return settleFindings(belt, eye, shortestUm);
    if (eye.latchNs !== undefined) return latchFindings(belt, eye, shortestUm);
    const travelled = travelUm(belt.speedUmPerS, eye.sampleNs);
    if (travelled < shortestUm) return [];
    const mostNs = Math.floor((shortestUm / belt.speedUmPerS) * 1e9);
    return [
      {
        severity: "error",
        code: "CONFIG_BUDGET_EYE_TOO_SLOW",
        kind: eye.role === "chute" ? "device" : "eye",
        id: eye.role === "chute" ? eye.deviceId : eye.id,
        key: eye.role === "chute" ? "pollMs" : "device",
        what: `between two samples of eye "${eye.id}" (${inMs(eye.sampleNs)}) the belt travels ${inMm(travelled)}; the shortest item or gap is ${inMm(shortestUm)}`,
        right: `a poll of less than ${inMs(mostNs)}, answers included`,
      },
    ];
  });
}

/** A PLC that keeps edges sees what lasts for one of its cycles, however seldom it is asked. */
function latchFindings(belt: BeltLayout, eye: EyeLayout, shortestUm: number): ProofFinding[] {
  const travelled = travelUm(belt.speedUmPerS, eye.latchNs ?? 0);
  if (travelled < shortestUm) return [];
  return [
    {
      ...{ severity: "error", code: "CONFIG_BUDGET_EYE_TOO_SLOW", kind: "eye", id: eye.id, key: "latch.scanMs" },
      what: `in one cycle of the PLC that keeps the edges of eye "${eye.id}" (${inMs(eye.latchNs ?? 0)}) the belt travels ${inMm(travelled)}; the shortest item or gap is ${inMm(shortestUm)}`,
      right: `a cycle of less than ${inMs(Math.floor((shortestUm / belt.speedUmPerS) * 1e9))}`,
    },
  ];
}

/** A change that lasts has lasted for the debounce between the first and the last sample that show it. */
function settleFindings(belt: BeltLayout, eye: EyeLayout, shortestUm: number): ProofFinding[] {
  const settlingUm = travelUm(belt.speedUmPerS, eye.debounceNs + 2 * eye.sampleNs);
  if (settlingUm < shortestUm) return [];
  const mostMs = Math.floor(((shortestUm / belt.speedUmPerS) * 1e9 - 2 * eye.sampleNs) / 1e6);
  return [
    {
      severity: "error",
      code: "CONFIG_BUDGET_EYE_TOO_SLOW",
      kind: "eye",
      id: eye.id,
      key: "debounceMs",
      what:
        `until a change at eye "${eye.id}" counts (${inMs(eye.debounceNs)} and two samples of ${inMs(eye.sampleNs)}) ` +
        `the belt travels ${inMm(settlingUm)}; the shortest item or gap is ${inMm(shortestUm)}`,
      right: mostMs > 0 ? `below ${mostMs}` : "0, and a shorter poll",
    },
  ];
}

/** An edge at an eye must fit one item only: the drift since the eye before stays below half the shortest pitch. */
function distanceFindings(belt: BeltLayout, gapUm: number): ProofFinding[] {
  const halfPitchUm = (belt.minItemUm + gapUm) / 2;
  return beltEyes(belt).flatMap((eye, index, eyes): ProofFinding[] => {
    const before = eyes[index - 1];
    if (before === undefined) return [];
    const offUm =
      eyeErrorUm(belt, before) + eyeErrorUm(belt, eye) + EDGE_SLACK_UM + driftUm(belt, eye.atUm - before.atUm);
    if (offUm < halfPitchUm) return [];
    return [
      {
        severity: "error",
        code: "CONFIG_BUDGET_EYES_TOO_FAR",
        kind: "eye",
        id: eye.id,
        key: "atMm",
        what: `an item may arrive ${inMm(offUm)} off at eye "${eye.id}", and items may follow each other at ${inMm(2 * halfPitchUm)}`,
        right: `an eye between "${before.id}" and "${eye.id}": off by less than ${inMm(halfPitchUm)}`,
      },
    ];
  });
}

/**
 * The station's window must not hold the fronts of two items at once. When a telegram came is known to a turn of the
 * loop (and its way over a network) and where the belt was then to a sample of it, which makes the window as much wider.
 */
function stationFindings(belt: BeltLayout, gapUm: number, scanners: readonly ScannerFacts[]): ProofFinding[] {
  const pitchUm = belt.minItemUm + gapUm;
  const sampleNs = Math.max(0, ...beltEyes(belt).map((eye) => eye.sampleNs));
  return belt.stations.flatMap((station): ProofFinding[] => {
    const own = scanners.filter(({ scannerId }) => station.scannerIds.includes(scannerId));
    const transitNs = Math.max(0, ...own.map((scanner) => scanner.transitNs));
    const blurUm = travelUm(belt.speedUmPerS, ARRIVAL_BLUR_NS + transitNs + sampleNs);
    const widthUm =
      station.toUm -
      station.fromUm +
      blurUm +
      2 * driftToEyeUm(belt, station) +
      2 * positionErrorUm(belt, { atUm: station.atUm + station.toUm, seenBeforeUm: station.atUm + station.fromUm });
    if (widthUm < pitchUm) return [];
    return [
      {
        severity: "error",
        code: "CONFIG_BUDGET_SCAN_WINDOW",
        kind: "station",
        id: station.id,
        key: "toMm",
        what: `two items ${inMm(pitchUm)} apart may both fit a telegram of station "${station.id}", whose window is ${inMm(widthUm)} with errors`,
        right: atMostMm(station.toUm - (widthUm - pitchUm) - 1),
      },
    ];
  });
}
