// What a belt's layout says, found once: a layout never changes, and one with hundreds of chutes has as many eyes.
import type { BeltLayout, EyeLayout, GateLayout } from "./layout.ts";
import { followerEye, tailEye } from "./tail-eye.ts";
import { zoneEye } from "./zone-eye.ts";

export interface BeltParts {
  induction: EyeLayout | undefined;
  eyes: ReadonlyMap<string, EyeLayout>;
  /** Ids of the track and end eyes, upstream first. */
  eyesInOrder: readonly string[];
  /** Devices of the gates, each once. */
  gateDevices: readonly string[];
  gateOrder: ReadonlyMap<string, number>;
  /** By gate, the first track or end eye behind it. */
  eyesBehind: ReadonlyMap<string, string>;
  /** By gate, the eye behind its swept zone; absent: there is none. */
  zoneEyes: ReadonlyMap<string, EyeLayout>;
  /** By gate, the eye before it that shows a parcel's tail in time; absent: there is none. */
  tailEyes: ReadonlyMap<string, EyeLayout>;
  /** By gate, the one of those that also shows in time what follows the parcel too closely; absent: there is none. */
  followerEyes: ReadonlyMap<string, EyeLayout>;
}

const known = new WeakMap<BeltLayout, BeltParts>();

export function partsOf(belt: BeltLayout): BeltParts {
  let parts = known.get(belt);
  if (parts === undefined) {
    parts = find(belt);
    known.set(belt, parts);
  }
  return parts;
}

const find = (belt: BeltLayout): BeltParts => {
  const { eyes, gates } = belt;
  return {
    induction: eyes.find(({ role }) => role === "induction"),
    eyes: new Map(eyes.map((eye) => [eye.id, eye])),
    eyesInOrder: eyes
      .filter(({ role }) => role === "track" || role === "end")
      .sort((a, b) => a.atUm - b.atUm)
      .map(({ id }) => id),
    gateDevices: [...new Set(gates.map(({ deviceId }) => deviceId))],
    gateOrder: new Map(gates.map(({ id }, order) => [id, order])),
    eyesBehind: new Map(
      gates.flatMap((gate) => {
        const [first] = eyes
          .filter(({ role, atUm }) => (role === "track" || role === "end") && atUm > gate.atUm)
          .sort((a, b) => a.atUm - b.atUm);
        return first === undefined ? [] : [[gate.id, first.id] as const];
      }),
    ),
    zoneEyes: eyesByGate(belt, zoneEye),
    tailEyes: eyesByGate(belt, tailEye),
    followerEyes: eyesByGate(belt, followerEye),
  };
};

function eyesByGate(
  belt: BeltLayout,
  find: (belt: BeltLayout, gate: GateLayout) => EyeLayout | undefined,
): ReadonlyMap<string, EyeLayout> {
  return new Map(
    belt.gates.flatMap((gate) => {
      const eye = find(belt, gate);
      return eye === undefined ? [] : [[gate.id, eye] as const];
    }),
  );
}
