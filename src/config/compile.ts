// Compiles a site's files into the layout of the line core: whole µm and ns, with the gap that the proof demands.

import { judgesLateness, saysWhatItDoesNotRead, seesHome, seesOut } from "../../drivers/registry.ts";
import { driveBlurUm } from "../line/belt-position.ts";
import type {
  BeltLayout,
  ChuteLayout,
  EyeLayout,
  GateLayout,
  LineLayout,
  PlantFault,
  RouteRule,
  StationLayout,
} from "../line/layout.ts";
import { provedGapUm } from "../proof/demanded-gap.ts";
import type { DeviceFacts } from "../proof/facts.ts";
import { gateErrorUm } from "../proof/position-error.ts";
import type { ChutesConfig } from "./chutes-schema.ts";
import type { CustomsConfig } from "./customs-schema.ts";
import { busNs, deviceFacts, ms, sampleNs, um } from "./device-facts.ts";
import { beltSignalId, chuteEyeId, chuteFullInputId, faultInputId } from "./input-names.ts";
import { layoutHash } from "./layout-hash.ts";
import type { BeltConfig, GateConfig, LineConfig } from "./line-schema.ts";
import { isOwn, trackerIn } from "./wiring.ts";

/** Chutes without an eye: an arrival counts as diverted unseen after this. */
const UNSEEN_SLIDE_MS = [0, 2000] as const;
/** A gate moves at most this long before its last moment (the line core's limit). */
const EARLY_MS = 150;

export interface SiteConfig {
  line: LineConfig;
  chutes: ChutesConfig;
  customs: CustomsConfig;
}

/**
 * The files must have passed the schema and every rule: names are resolved without asking again.
 * @param plantHash names what has to be proved of the plant; null: nothing has to be
 */
export function compileLayout(site: SiteConfig, plantHash: string | null = null): LineLayout {
  const { line, chutes, customs } = site;
  const devices = line.devices.map((device) => deviceFacts(device, line, chutes));
  const chuteLayouts = chutes.chutes.map((chute) => compileChute(chute, line));
  const layout = {
    siteId: line.site,
    belts: line.belts
      .map((belt) => compileBelt(belt, site, devices))
      .map((belt) => ({ ...belt, provedGapUm: provedGapUm({ chutes: chuteLayouts }, belt, devices) })),
    chutes: chuteLayouts,
    routes: chutes.routes.map(
      (route): RouteRule => ({ id: route.id, ...defined(route.when), to: route.to, balance: route.balance }),
    ),
    patterns: customs.codes.map(({ id, pattern, check, companies, rank }) => ({
      id,
      regex: pattern,
      check,
      companies,
      rank,
    })),
    freshnessMaxAgeNs: ms(customs.freshness.maxAgeMs),
    storageShareNs: ms(line.storage.shareMs),
    ...(line.faultInputs.length === 0 ? {} : { faults: line.faultInputs.map(plantFault) }),
    ...(plantHash === null ? {} : { commissioning: { plantHash } }),
  };
  return { ...layout, hash: layoutHash(layout) };
}

const plantFault = ({ id, text, severity }: LineConfig["faultInputs"][number]): PlantFault => ({
  inputId: faultInputId(id),
  id,
  text,
  code: severity === "fault" ? "PLANT_FAULT" : "PLANT_WARNING",
});

function compileBelt(belt: BeltConfig, site: SiteConfig, devices: readonly DeviceFacts[]): BeltLayout {
  const layout: BeltLayout = {
    id: belt.id,
    lengthUm: um(belt.lengthMm),
    speedUmPerS: um(belt.speedMmPerS),
    minSpeedUmPerS: um(belt.minSpeedMmPerS),
    coastUm: um(belt.coastMm),
    encoder:
      belt.encoder === undefined
        ? null
        : {
            id: belt.encoder.id,
            deviceId: belt.encoder.device,
            umPerCount: um(belt.encoder.mmPerCount),
            bits: belt.encoder.bits,
          },
    drive: belt.encoder === undefined ? driveOf(belt, devices) : null,
    driftUmPerM: Math.round(belt.driftPercent * 10_000),
    minItemUm: um(belt.items.minLengthMm),
    maxItemUm: um(belt.items.maxLengthMm),
    provedGapUm: 0,
    eyes: [...beltEyes(belt, site, devices), ...chuteEyes(belt, site, devices)],
    stations: belt.stations.map((station) => ({
      id: station.id,
      atUm: um(station.atMm),
      scannerIds: station.scanners,
      fromUm: um(station.fromMm),
      toUm: um(station.toMm),
      ...(station.handFed ? { isHandFed: true as const } : watchedReads(station, site.line)),
    })),
    gates: belt.gates.map((gate) => compileGate(gate, devices)),
    ...trackerOf(belt, site),
    signals: signalsOf(belt),
    safeEnd: { chuteId: belt.safeEnd.chute, reserveItems: belt.safeEnd.reserveItems },
  };
  return { ...layout, gates: layout.gates.map((gate) => ({ ...gate, maxOutNs: maxOutNs(belt, layout, gate) })) };
}

function watchedReads(
  { scanners, noReadAlarm }: BeltConfig["stations"][number],
  line: LineConfig,
): Pick<StationLayout, "noReads" | "saysNoRead"> {
  const says = line.scanners.filter((scanner) => scanners.includes(scanner.id) && saysWhatItDoesNotRead(scanner));
  return { noReads: noReadAlarm, ...(says.length === 0 ? {} : { saysNoRead: says.map(({ id }) => id) }) };
}

const driveOf = (belt: BeltConfig, devices: readonly DeviceFacts[]): BeltLayout["drive"] => ({
  deviceId: belt.runPermit.device,
  sampleNs: sampleOf(belt, belt.runPermit.device, devices),
});

const trackerOf = (belt: BeltConfig, { line }: SiteConfig): Pick<BeltLayout, "tracker"> => {
  const device = line.devices.find(({ id }) => id === belt.encoder?.device);
  const tracker = trackerIn(device);
  if (isOwn(belt) || device === undefined || tracker === undefined) return {};
  return { tracker: { deviceId: device.id, aheadNs: ms(tracker.aheadMs) } };
};

const signalsOf = (belt: BeltConfig): BeltLayout["signals"] =>
  Object.fromEntries(
    Object.entries(belt.signals).flatMap(([name, signal]) =>
      signal === undefined ? [] : [[name, { inputId: beltSignalId(belt.id, name), deviceId: signal.device }]],
    ),
  );

const beltEyes = (belt: BeltConfig, { line }: SiteConfig, devices: readonly DeviceFacts[]): EyeLayout[] =>
  belt.eyes.map(({ id, device, role, atMm, debounceMs, latch }) => ({
    id,
    deviceId: device,
    role,
    atUm: um(atMm),
    sampleNs: sampleOf(belt, device, devices),
    apartNs: apartOf(belt, device, devices),
    silenceNs: silenceOf(belt, device, line, devices),
    debounceNs: ms(debounceMs),
    ...(latch === undefined ? {} : { latchNs: ms(latch.scanMs) }),
  }));

const chuteEyes = (belt: BeltConfig, { chutes }: SiteConfig, devices: readonly DeviceFacts[]): EyeLayout[] =>
  chutes.chutes.flatMap(({ id, eye }): EyeLayout[] => {
    const atMm = belt.gates.find((gate) => gate.chutes.includes(id))?.atMm ?? endOf(belt, id);
    if (eye === undefined || atMm === undefined) return [];
    const sample = sampleOf(belt, eye.device, devices);
    return [
      {
        id: chuteEyeId(id),
        deviceId: eye.device,
        role: "chute",
        atUm: um(atMm),
        sampleNs: sample,
        apartNs: apartOf(belt, eye.device, devices),
        silenceNs: 0,
        debounceNs: 0,
      },
    ];
  });

/** A request that gets no reply in its time is followed by one probe, then the connection is given up. */
function silenceOf(belt: BeltConfig, deviceId: string, line: LineConfig, devices: readonly DeviceFacts[]): number {
  // What a PLC that tracks has seen since its last cycle, its counter shows before its reports do.
  if (!isOwn(belt)) return sampleOf(belt, deviceId, devices);
  if (belt.encoder?.device === deviceId) return 0;
  const device = line.devices.find((each) => each.id === deviceId);
  return 2 * ms(device?.timeoutMs ?? 0) + sampleOf(belt, deviceId, devices);
}

const endOf = (belt: BeltConfig, chuteId: string): number | undefined =>
  belt.safeEnd.chute === chuteId ? belt.lengthMm : undefined;

/** Packed inputs come with the count, in one request; all others may be sampled a whole interval apart from it. */
function apartOf(belt: BeltConfig, deviceId: string, devices: readonly DeviceFacts[]): number {
  const isOneRequest = !isOwn(belt) || devices.find((each) => each.deviceId === deviceId)?.isOneRequest === true;
  return belt.encoder?.device === deviceId && isOneRequest ? 0 : sampleOf(belt, deviceId, devices);
}

function sampleOf(belt: BeltConfig, deviceId: string, devices: readonly DeviceFacts[]): number {
  const facts = devices.find((each) => each.deviceId === deviceId);
  if (facts === undefined) return 0;
  // A PLC that tracks looks at its eyes in each cycle, and reports with the count of that cycle.
  if (!isOwn(belt) && facts.tracker !== undefined) return facts.tracker.cycleNs;
  const ownNs = sampleNs(facts, { encoderDevice: belt.encoder?.device, others: devices });
  const counting = devices.find((each) => each.deviceId === belt.encoder?.device);
  if (counting === undefined || counting.deviceId === deviceId) return ownNs;
  // Where the belt was at a time of another device lies between two samples of the counting one.
  return ownNs + 2 * (counting.pollNs + counting.pollTakesNs);
}

function compileGate(gate: GateConfig, devices: readonly DeviceFacts[]): GateLayout {
  const { drive } = gate;
  const device = devices.find((each) => each.deviceId === gate.device);
  return {
    id: gate.id,
    deviceId: gate.device,
    atUm: um(gate.atMm),
    sweptUm: um(gate.sweptMm),
    travelNs: ms(gate.travelMs),
    restNs: ms(gate.restMs),
    busNs: gate.busMs !== undefined ? ms(gate.busMs) : device === undefined ? 0 : busNs(device, devices),
    maxOutNs: gate.maxOutMs === undefined ? 0 : ms(gate.maxOutMs),
    lateCommand: judgesLateness(drive) ? "excluded" : "bounded",
    fallsByItself: device !== undefined && device.watchdog !== null,
    hasHomeFeedback: seesHome(drive),
    hasOutFeedback: seesOut(drive),
    ...(!judgesLateness(drive) && seesHome(drive) && device !== undefined
      ? { homeSeenNs: sampleNs(device, { encoderDevice: undefined, others: devices }) }
      : {}),
    ...(drive.kind === "destination" ? { finalUm: um(drive.finalMm) } : {}),
    chuteIds: gate.chutes,
  };
}

/** Twice the longest item's way past the swept zone, its error on both sides, and a gate that moves early. */
function maxOutNs(config: BeltConfig, belt: BeltLayout, gate: GateLayout): number {
  if (gate.maxOutNs > 0) return gate.maxOutNs;
  const wayMm = config.items.maxLengthMm + (gate.sweptUm + 2 * (gateErrorUm(belt, gate) + driveBlurUm(belt))) / 1000;
  return ms(Math.ceil(EARLY_MS + (2 * wayMm * 1000) / config.speedMmPerS)) + 2 * gate.travelNs;
}

function compileChute(chute: ChutesConfig["chutes"][number], line: LineConfig): ChuteLayout {
  const [slideMinMs, slideMaxMs] = chute.slideMs ?? UNSEEN_SLIDE_MS;
  const belt = line.belts.find(
    ({ safeEnd, gates }) => safeEnd.chute === chute.id || gates.some(({ chutes }) => chutes.includes(chute.id)),
  );
  return {
    id: chute.id,
    beltId: belt?.id ?? "",
    gateId: belt?.gates.find(({ chutes }) => chutes.includes(chute.id))?.id ?? null,
    zone: chute.zone,
    alsoFor: chute.alsoFor,
    eyeId: chute.eye === undefined ? null : chuteEyeId(chute.id),
    fullInputId: chute.fullInput === undefined ? null : chuteFullInputId(chute.id),
    fullDeviceId: chute.fullInput?.device ?? null,
    fullDebounceNs: ms(chute.fullDebounceMs),
    capacityItems: chute.capacityItems ?? null,
    blockedAfterNs: chute.eye === undefined || chute.blockedAfterMs === 0 ? null : ms(chute.blockedAfterMs),
    maxPerMinute: chute.maxPerMinute ?? null,
    slideMinNs: ms(slideMinMs),
    slideMaxNs: ms(slideMaxMs),
  };
}

/** A key that was left out is absent, not undefined: the hash and the core see the same. */
const defined = (
  when: ChutesConfig["routes"][number]["when"],
): Pick<RouteRule, "stream" | "direction" | "disposition"> =>
  Object.fromEntries(Object.entries(when).filter(([, value]) => value !== undefined));
