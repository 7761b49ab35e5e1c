// What the configuration says of each chute's way, for whoever proves it: in the order in which it is best proved.
import type { Site } from "../../config/load.ts";
import type { BeltSays } from "./belt-findings.ts";
import type { WaySays } from "./gate-findings.ts";

export interface ChuteFacts {
  chuteId: string;
  beltId: string;
  zone: string;
  gateAtMm: number | null;
  /** null: nothing sees what arrives, and a person has to say it. */
  eyeId: string | null;
  way: WaySays;
}

/** The belts' ends first: that way shows every eye and the encoder, and moves no gate. Then as a parcel meets them. */
export function chuteFacts({ layout, line, chutes }: Site): ChuteFacts[] {
  const facts = layout.chutes.map((chute): ChuteFacts => {
    const belt = layout.belts.find(({ id }) => id === chute.beltId);
    const gate = belt?.gates.find(({ id }) => id === chute.gateId);
    const pollMs = line.devices.find(({ id }) => id === gate?.deviceId)?.pollMs ?? 0;
    const slideMs = chutes.chutes.find(({ id }) => id === chute.id)?.slideMs;
    const { zone } = chute;
    return {
      chuteId: chute.id,
      beltId: chute.beltId,
      zone: "stream" in zone ? `${zone.kind}, ${zone.stream} ${zone.direction}` : zone.kind,
      gateAtMm: gate === undefined ? null : gate.atUm / 1000,
      eyeId: chute.gateId === null ? (belt?.eyes.find(({ role }) => role === "end")?.id ?? chute.eyeId) : chute.eyeId,
      way: {
        chuteId: chute.id,
        gate:
          gate === undefined
            ? null
            : {
                ...{ id: gate.id, busMs: gate.busNs / 1e6, travelMs: gate.travelNs / 1e6, pollMs },
                seesOut: gate.hasOutFeedback,
                aheadMs: belt?.tracker === undefined ? null : belt.tracker.aheadNs / 1e6,
              },
        slideMs: slideMs === undefined || chute.eyeId === null ? null : [slideMs[0], slideMs[1]],
      },
    };
  });
  const rank = ({ gateAtMm }: ChuteFacts): number => gateAtMm ?? -1;
  return facts.sort((a, b) => rank(a) - rank(b));
}

export const beltFacts = ({ line }: Site): BeltSays[] =>
  line.belts.map(({ id, speedMmPerS, encoder, eyes }) => ({
    beltId: id,
    speedMmPerS,
    mmPerCount: encoder?.mmPerCount ?? null,
    eyes: eyes.filter(({ role }) => role !== "width").map((eye) => ({ id: eye.id, atMm: eye.atMm })),
  }));
