// An eye whose edges the PLC keeps needs the belt's count on that very PLC, and debounces there too.
import { entries } from "../draft.ts";
import type { Rule } from "./rule.ts";

export const latchesHaveTheirCount: Rule = (site, report) => {
  for (const [index, belt] of entries(site.line.belts)) {
    for (const [place, { id, device, latch, debounceMs }] of entries(belt.eyes)) {
      if (latch === undefined) continue;
      const at = ["belts", index, "eyes", place];
      const { encoder } = belt;
      if (encoder?.device !== device || encoder?.bits !== 32)
        report("line.yaml", [...at, "latch"], {
          code: "CONFIG_LATCH_COUNT",
          what: `the edges of eye "${id}" are kept with a count of 32 bits, and "${device}" has none of the belt`,
          right: "the belt's encoder, of 32 bits, on the eye's device, or no latch",
        });
      if ((debounceMs ?? 0) > 0)
        report("line.yaml", [...at, "debounceMs"], {
          code: "CONFIG_LATCH_COUNT",
          what: `the edges of eye "${id}" are kept by its PLC, where a flicker is an edge already`,
          right: "a debounce in the PLC, before it keeps the edge",
        });
    }
  }
};
