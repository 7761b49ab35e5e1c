// Whether a belt moves must be known from its encoder or from its drive's contact.
import { entries } from "../draft.ts";
import type { Rule } from "./rule.ts";

export const motionIsKnown: Rule = (site, report) => {
  for (const [index, { id, encoder, runPermit }] of entries(site.line.belts)) {
    if (encoder !== undefined || runPermit === undefined || runPermit.feedback !== undefined) continue;
    report("line.yaml", ["belts", index, "runPermit"], {
      code: "CONFIG_BELT_MOTION_UNKNOWN",
      what: `nothing says whether belt "${id}" moves: it has no encoder, and its drive no contact that is read`,
      right: "an encoder, or a feedback input of the run permit's device that is on while the drive runs",
    });
  }
};
