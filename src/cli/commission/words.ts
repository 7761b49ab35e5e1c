// What a commissioning has found, in words for a terminal.
import { reasonText } from "../../faults/table.ts";
import type { TestResult } from "../../line/commissioning-state.ts";
import type { CommissioningView } from "../../line/step.ts";
import type { Difference } from "./belt-findings.ts";
import type { ChuteFacts } from "./facts.ts";
import { timesOf, type WayTimes } from "./gate-findings.ts";

export function statusWords(view: CommissioningView): string {
  const lines = view.chutes.map(({ chuteId, proof }) => {
    if (proof === null) return `  ${chuteId}: not proved`;
    const how = proof.by === "eye" ? "seen by its eye" : "by the word of its guard";
    return `  ${chuteId}: proved, ${how}; ${proof.who} stood there (entry ${proof.entry})`;
  });
  const missing = view.chutes.filter(({ proof }) => proof === null).length;
  const all =
    missing === 0
      ? "Every chute is proved: customs' parcels may leave."
      : `${missing} of ${view.chutes.length} chutes are left: no parcel of customs' leaves.`;
  return `${lines.join("\n")}\n${all}\n`;
}

export function chuteWords(
  { chuteId, zone, way, gateAtMm, eyeId }: ChuteFacts,
  o: { code: string; seconds: number },
): string {
  const where = way.gate === null ? "at the belt's end" : `behind gate ${way.gate.id}, at ${gateAtMm} mm`;
  const seen = eyeId === null ? "Nothing sees it arrive: you will be asked." : `Its eye (${eyeId}) has to see it.`;
  return `
${chuteId} (${zone}), ${where}
  Stand where its parcels come out, or have somebody stand there whom you can hear. ${seen}
  A parcel with the label ${o.code} waits at the infeed; the belt runs, in automatic, and nothing else is near it.
`;
}

export function resultWords(result: TestResult): string {
  const { chuteId, end, endedIn, why, isProved, awaitsPerson, itemId } = result;
  const times = timesWords(timesOf(result));
  if (isProved) return `  ${chuteId} is proved: arrived, and seen${times}\n`;
  if (awaitsPerson) return `  sent into ${chuteId}${times}\n`;
  if (itemId === null) return `  not proved: no test parcel was on its way to ${chuteId} (${reasonText(why)})\n`;
  const gone = end === "lost" ? "no eye saw it when it was due there" : "nobody knows where it is";
  const where = endedIn === null ? gone : `it is in ${endedIn}`;
  const how = end === "divertedUnseen" ? `sent into ${chuteId}, and its eye did not see it` : where;
  // That it was a test parcel is no reason why it did not come.
  const because = why === "TEST_PARCEL" ? "" : ` (${reasonText(why)}, ${why})`;
  return `  not proved: ${how}${because}${times}\n`;
}

function timesWords({ answeredMs, outMs, homeMs, slideMs }: WayTimes): string {
  const parts = [
    ...(answeredMs === null ? [] : [`its device answered after ${answeredMs} ms`]),
    ...(outMs === null ? [] : [`gate out after ${outMs} ms`]),
    ...(homeMs === null ? [] : [`home after ${homeMs} ms`]),
    ...(slideMs === null ? [] : [`in the chute ${slideMs} ms after the gate`]),
  ];
  return parts.length === 0 ? "" : `; ${parts.join(", ")}`;
}

export function differenceWords(found: readonly Difference[]): string {
  if (found.length === 0) return "";
  const lines = found.map(({ about, text }) => `  ${about}: ${text}\n`);
  const pastes = found.flatMap(({ about, paste }) => (paste === null ? [] : `  ${paste}  # ${about}\n`));
  const ready =
    pastes.length === 0
      ? ""
      : `\nFor line.yaml (slideMs: chutes.yaml), then \`coline check\`, a restart, and this command anew, for what is changed is not proved:\n${pastes.join("")}`;
  return `\nWhat differs from the configuration:\n${lines.join("")}${ready}`;
}
