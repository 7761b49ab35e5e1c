// An eye whose edges its device keeps needs the belt's count on that very device, debounces there, and keeps enough of them.
import { entries } from "../draft.ts";
import type { Rule } from "./rule.ts";

export const latchesHaveTheirCount: Rule = (site, report) => {
  for (const [index, belt] of entries(site.line.belts)) {
    for (const [place, eye] of entries(belt.eyes)) {
      const { id, device, latch, debounceMs } = eye;
      if (latch === undefined) continue;
      const at = ["belts", index, "eyes", place];
      if (belt.encoder === undefined || belt.encoder.device !== device)
        report("line.yaml", [...at, "latch"], {
          code: "CONFIG_LATCH_COUNT",
          what: `the edges of eye "${id}" are kept with the belt's count, and "${device}" does not count the belt`,
          right: "the belt's encoder on the eye's device, or no latch",
        });
      if ((debounceMs ?? 0) > 0)
        report("line.yaml", [...at, "debounceMs"], {
          code: "CONFIG_LATCH_COUNT",
          what: `the edges of eye "${id}" are kept by its device, where a flicker is an edge already`,
          right: "a debounce in the device, before it keeps the edge",
        });
      const pollMs = site.line.devices?.find((each) => each?.id === device)?.pollMs;
      const most = edgesWithin(belt, 3 * (pollMs ?? 0));
      if (latch.depth === undefined || latch.depth >= most) continue;
      report("line.yaml", [...at, "latch"], {
        code: "CONFIG_LATCH_COUNT",
        what: `${most} edges of eye "${id}" may come within three polls, and its device keeps ${latch.depth}`,
        right: `depth ${2 ** Math.ceil(Math.log2(most))} or more, or a shorter pollMs`,
      });
    }
  }
};

/** Most edges of one eye in this time: the shortest items at the smallest gaps. A poll may be left out, and the next come late. */
function edgesWithin(
  belt: {
    speedMmPerS?: number | undefined;
    items?: { minLengthMm?: number | undefined; gapMm?: number | undefined } | undefined;
  },
  withinMs: number,
): number {
  const { minLengthMm = 0, gapMm = 0 } = belt.items ?? {};
  const pitchMm = minLengthMm + gapMm;
  if (pitchMm <= 0) return 0;
  const travelMm = ((belt.speedMmPerS ?? 0) * withinMs) / 1000;
  const pitches = Math.floor(travelMm / pitchMm);
  return 2 * pitches + (travelMm - pitches * pitchMm >= Math.min(minLengthMm, gapMm) ? 2 : 1);
}
