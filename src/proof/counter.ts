// Whether a counter's turn is long enough that forth and back are told apart between two samples.
import { JITTER_NS, JUMP_FACTOR } from "../line/belt-position.ts";
import type { BeltLayout, LineLayout } from "../line/layout.ts";
import { inMm, type ProofFinding, travelUm } from "./facts.ts";

/** The line core gives a belt up whose counter can have gone half around between two samples. */
export const counterFindings = (layout: LineLayout): ProofFinding[] => layout.belts.flatMap(halfTurnFindings);

function halfTurnFindings(belt: BeltLayout): ProofFinding[] {
  const { encoder } = belt;
  if (encoder === null) return [];
  const sampleNs = Math.max(0, ...belt.eyes.map((eye) => eye.sampleNs));
  const fastestUm = travelUm(belt.speedUmPerS * JUMP_FACTOR, sampleNs + JITTER_NS);
  const halfTurnUm = 2 ** (encoder.bits - 1) * encoder.umPerCount;
  if (fastestUm < halfTurnUm) return [];
  return [
    {
      severity: "error",
      code: "CONFIG_COUNTER_WRAPS",
      kind: "belt",
      id: belt.id,
      key: "encoder.bits",
      what:
        `half a turn of encoder "${encoder.id}" is ${inMm(halfTurnUm)}, and the belt may travel ${inMm(fastestUm)} ` +
        "between two samples: forth and back would look alike",
      right: encoder.bits === 16 ? "32 bits, or more mmPerCount" : "more mmPerCount",
    },
  ];
}
