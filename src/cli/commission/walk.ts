// Leads a person through the chutes that are not proved yet, one test parcel after the other, and gathers what was seen.
import { randomUUID } from "node:crypto";
import type { TestResult } from "../../line/commissioning-state.ts";
import type { LineClient } from "../line-client.ts";
import { type BeltSays, beltDifferences, type Difference } from "./belt-findings.ts";
import type { Dialog } from "./dialog.ts";
import type { ChuteFacts } from "./facts.ts";
import { wayDifferences } from "./gate-findings.ts";
import { sendTest } from "./send.ts";
import { chuteWords, resultWords } from "./words.ts";

export interface Walk {
  client: LineClient;
  dialog: Dialog;
  belts: readonly BeltSays[];
  code: string;
  seconds: number;
}

/** @returns how it ended: all was gone through; the person has ended it; nobody knows what became of a command */
export async function walk(
  o: Walk,
  chutes: readonly ChuteFacts[],
  results: TestResult[],
): Promise<"through" | "quit" | "unanswered"> {
  for (const chute of chutes) {
    o.dialog.say(chuteWords(chute, o));
    let question = "Do you stand there?";
    for (;;) {
      const said = await o.dialog.ask(question, ["yes", "skip", "quit"]);
      if (said === "quit") return "quit";
      if (said === "skip") break;
      const how = await prove(o, chute, results);
      if (how === "unanswered") return "unanswered";
      if (how === "proved") break;
      question = "Once more, and do you stand there?";
    }
  }
  return "through";
}

async function prove(o: Walk, chute: ChuteFacts, results: TestResult[]): Promise<"proved" | "not" | "unanswered"> {
  const { client, dialog, code, seconds } = o;
  const sent = await sendTest(client, {
    ...{ chuteId: chute.chuteId, code, seconds },
    given: () => dialog.say(`  Lay it down now; it has to be on its way within ${seconds} s.\n`),
    hasCome: () => dialog.say("  It was read, and is on its way to you.\n"),
  });
  if (sent.kind === "refused") {
    dialog.say(`  refused: ${sent.code}: ${sent.message}\n  ${sent.hint}\n`);
    return "not";
  }
  if (sent.kind === "unanswered") {
    dialog.say(
      `  no answer: ${sent.why}\n  Look at the line and its alarms; then give this command again, it goes on here.\n`,
    );
    return "unanswered";
  }
  const { result } = sent;
  results.push(result);
  dialog.say(resultWords(result));
  for (const { about, text } of differencesOf(o.belts, chute, [result])) dialog.say(`  differs: ${about} ${text}\n`);
  if (result.awaitsPerson) return confirm(o, result);
  return result.isProved ? "proved" : "not";
}

async function confirm({ client, dialog }: Walk, { chuteId }: TestResult): Promise<"proved" | "not" | "unanswered"> {
  if ((await dialog.ask("Has it come out where you stand?", ["yes", "no"])) !== "yes") return "not";
  const said = await client.give({ command: "confirmArrival", chuteId }, { id: randomUUID(), withinS: 5 });
  if (said.kind === "accepted") {
    dialog.say(`  ${chuteId} is proved, by your word\n`);
    return "proved";
  }
  dialog.say(said.kind === "refused" ? `  refused: ${said.code}: ${said.message}\n` : `  no answer: ${said.why}\n`);
  return said.kind === "refused" ? "not" : "unanswered";
}

/** Of parcels to one chute: its belt, and its own way. */
export function differencesOf(
  belts: readonly BeltSays[],
  chute: ChuteFacts,
  results: readonly TestResult[],
): Difference[] {
  const belt = belts.find(({ beltId }) => beltId === chute.beltId);
  const ofBelt = belt === undefined ? [] : beltDifferences(belt, results);
  return [...ofBelt, ...results.flatMap((result) => wayDifferences(chute.way, result))];
}

/** Of all parcels: each belt once, by all of them, and of each chute what was seen last. */
export function allDifferences(
  belts: readonly BeltSays[],
  chutes: readonly ChuteFacts[],
  results: readonly TestResult[],
): Difference[] {
  const beltOf = new Map(chutes.map(({ chuteId, beltId }) => [chuteId, beltId]));
  return [
    ...belts.flatMap((belt) =>
      beltDifferences(
        belt,
        results.filter((one) => beltOf.get(one.chuteId) === belt.beltId),
      ),
    ),
    ...chutes.flatMap(({ chuteId, way }) => {
      const last = results.findLast((result) => result.chuteId === chuteId);
      return last === undefined ? [] : wayDifferences(way, last);
    }),
  ];
}
