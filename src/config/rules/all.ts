// All rules about a site as a whole; each judges one matter, all are always run.
import type { SiteDraft } from "../draft.ts";
import { addressesAreUsedOnce, inputAreasFit, inputsAreMapped } from "./addresses.ts";
import { beltsAreInOrder } from "./belt-order.ts";
import { drivesFit } from "./drives.ts";
import { exposedMeansTokens } from "./exposure.ts";
import { latchesHaveTheirCount } from "./latches.ts";
import { motionIsKnown } from "./motion.ts";
import { namesAreUnique } from "./names.ts";
import { nodesFit } from "./nodes.ts";
import { simulatedPlantsAreHere } from "./plants.ts";
import { referencesExist } from "./references.ts";
import { evidenceIsKept } from "./retention.ts";
import type { Report, Rule } from "./rule.ts";
import { linesAgree } from "./serial-lines.ts";
import { chutesAreServedOnce, scannersAreUsedOnce } from "./service.ts";
import { testCodesAreFree } from "./test-codes.ts";
import { trackersAreComplete } from "./trackers.ts";
import { watchdogsFit } from "./watchdogs.ts";

const RULES: readonly Rule[] = [
  namesAreUnique,
  referencesExist,
  chutesAreServedOnce,
  scannersAreUsedOnce,
  beltsAreInOrder,
  addressesAreUsedOnce,
  inputAreasFit,
  inputsAreMapped,
  drivesFit,
  trackersAreComplete,
  watchdogsFit,
  nodesFit,
  linesAgree,
  motionIsKnown,
  latchesHaveTheirCount,
  exposedMeansTokens,
  simulatedPlantsAreHere,
  testCodesAreFree,
  evidenceIsKept,
];

export function judgeSite(site: SiteDraft, report: Report): void {
  for (const rule of RULES) rule(site, report);
}
