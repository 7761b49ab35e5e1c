// Finds a layout's parts by id, and knows which belt each belongs to.
import { type CompiledPattern, compilePatterns } from "./barcode.ts";
import type {
  BeltLayout,
  ChuteLayout,
  EyeLayout,
  GateLayout,
  LineLayout,
  PlantFault,
  StationLayout,
} from "./layout.ts";

export interface SiteIndex {
  layout: LineLayout;
  patterns: readonly CompiledPattern[];
  belts: ReadonlyMap<string, BeltLayout>;
  chutes: ReadonlyMap<string, ChuteLayout>;
  eyes: ReadonlyMap<string, { eye: EyeLayout; belt: BeltLayout; chute: ChuteLayout | null }>;
  gates: ReadonlyMap<string, { gate: GateLayout; belt: BeltLayout }>;
  scanners: ReadonlyMap<string, { station: StationLayout; belt: BeltLayout }>;
  beltByEncoder: ReadonlyMap<string, BeltLayout>;
  chuteByFullInput: ReadonlyMap<string, ChuteLayout>;
  faultByInput: ReadonlyMap<string, PlantFault>;
}

export function indexSite(layout: LineLayout): SiteIndex {
  const chutes = new Map(layout.chutes.map((chute) => [chute.id, chute]));
  const chuteByEye = new Map(layout.chutes.flatMap((chute) => (chute.eyeId === null ? [] : [[chute.eyeId, chute]])));
  const belts = layout.belts;
  return {
    layout,
    patterns: compilePatterns(layout.patterns),
    belts: new Map(belts.map((belt) => [belt.id, belt])),
    chutes,
    eyes: new Map(
      belts.flatMap((belt) =>
        belt.eyes.map((eye) => [eye.id, { eye, belt, chute: chuteByEye.get(eye.id) ?? null }] as const),
      ),
    ),
    gates: new Map(belts.flatMap((belt) => belt.gates.map((gate) => [gate.id, { gate, belt }] as const))),
    scanners: new Map(
      belts.flatMap((belt) =>
        belt.stations.flatMap((station) => station.scannerIds.map((id) => [id, { station, belt }] as const)),
      ),
    ),
    beltByEncoder: new Map(belts.flatMap((belt) => (belt.encoder === null ? [] : [[belt.encoder.id, belt] as const]))),
    chuteByFullInput: new Map(
      layout.chutes.flatMap((chute) => (chute.fullInputId === null ? [] : [[chute.fullInputId, chute] as const])),
    ),
    faultByInput: new Map((layout.faults ?? []).map((fault) => [fault.inputId, fault])),
  };
}
