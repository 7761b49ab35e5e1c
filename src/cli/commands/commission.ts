// `coline commission SITE`: proves each chute of a line with a test parcel, before any parcel of customs' may leave.
import { parseArgs } from "node:util";
import type { Site } from "../../config/load.ts";
import type { TestResult } from "../../line/commissioning-state.ts";
import type { CommissioningView } from "../../line/step.ts";
import { isTestCode } from "../../line/test-code.ts";
import { exitCode } from "../../process/exit-code.ts";
import { type Dialog, dialog } from "../commission/dialog.ts";
import { beltFacts, chuteFacts } from "../commission/facts.ts";
import { placeOf } from "../commission/place.ts";
import { commissioningOf } from "../commission/send.ts";
import { allDifferences, walk } from "../commission/walk.ts";
import { differenceWords, statusWords } from "../commission/words.ts";
import { gatewayUrl, LineClient, NO_TOKEN, siteIn, tokenFrom } from "../line-client.ts";
import { runAsked } from "../run-asked.ts";

export const summary = "prove each chute with a test parcel, before customs' parcels may leave";

const usage = `usage: coline commission SITE [--code CODE] [--wait SECONDS] [--json] [--token-file FILE] [--url URL]
       coline commission SITE --status [--json]
       coline commission SITE --place GATE

  --code    label of the test parcel, COLINE-TEST-00 to COLINE-TEST-99; left out: COLINE-TEST-01
  --wait    how long each one may take to be laid down and read, 10 to 600 s; left out: 120
  --status  only says what is proved
  --place   measures where a gate stands, with a parcel that waits at its edge on the standing belt
  --json    what was found, for programs, at the end; what a person reads goes to the error output then

Through the running controller and gateway. For exactly this line.yaml a parcel with a label that no feed can release has to
come to each chute, a person standing there; until then customs' parcels ride to the safe end. A change of line.yaml, or of
the chutes in chutes.yaml, voids it. What is proved stays proved: given again, the command goes on where it was.

The token is an operator's or an officer's, from COLINE_TOKEN or FILE.

Exit codes: 0 every chute is proved, 1 not all, 2 used wrongly, 69 nobody knows, 78 the site does not pass the check.
`;

interface Asked {
  folder: string;
  code: string;
  seconds: number;
  isStatus: boolean;
  placeOf: string | null;
  isJson: boolean;
  token: string;
  url: string | undefined;
}

export const run = (args: string[]): Promise<number> =>
  runAsked(args, { name: "commission", usage, read, run: runCommission });

async function runCommission(asked: Asked): Promise<number> {
  const site = siteIn(asked.folder);
  if (site === null) return exitCode.badSite;
  const client = new LineClient(asked.url ?? gatewayUrl(site), asked.token);
  if (asked.placeOf !== null) return place(client, { site, gateId: asked.placeOf });
  const view = await commissioningOf(client);
  if (typeof view === "string") {
    process.stderr.write(`no answer: ${view}\n`);
    return exitCode.unanswered;
  }
  const refusal = whyNot(site, view);
  if (view === null || refusal !== null) {
    process.stderr.write(`${refusal}\n`);
    return exitCode.failed;
  }
  return commission({ client, site, view, asked });
}

function wrong(what: string): number {
  process.stderr.write(`coline commission: ${what}\n\n${usage}`);
  return exitCode.usedWrongly;
}

/** Why there is nothing that this command could prove; null: there is. */
function whyNot({ layout }: Site, view: CommissioningView | null): string | null {
  if (view === null)
    return "the running line says that its plant is a simulated one (`plant` in line.yaml): nothing is proved there";
  if (layout.commissioning?.plantHash === view.plantHash) return null;
  return "the controller runs another line.yaml or other chutes than this folder has: restart it, then give this again";
}

interface Work {
  client: LineClient;
  site: Site;
  view: CommissioningView;
  asked: Asked;
}

async function commission(o: Work): Promise<number> {
  const { site, asked } = o;
  const talk = dialog(process.stdin, asked.isJson ? process.stderr : process.stdout);
  const results: TestResult[] = [];
  const facts = chuteFacts(site);
  const isLeft = (chuteId: string): boolean => o.view.chutes.find((chute) => chute.chuteId === chuteId)?.proof === null;
  const belts = beltFacts(site);
  try {
    const how = asked.isStatus
      ? "through"
      : await walk(
          { client: o.client, dialog: talk, belts, code: asked.code, seconds: asked.seconds },
          facts.filter(({ chuteId }) => isLeft(chuteId)),
          results,
        );
    const now = results.length === 0 ? o.view : await commissioningOf(o.client);
    const found = allDifferences(belts, facts, results);
    const status = typeof now === "string" || now === null ? null : now;
    talk.say(status === null ? "\n" : `\n${statusWords(status)}`);
    talk.say(differenceWords(found));
    if (asked.isJson) {
      const chutes = status?.chutes ?? [];
      const said = {
        site: site.line.site,
        plantHash: o.view.plantHash,
        isComplete: status?.isComplete ?? false,
        chutes,
      };
      process.stdout.write(`${JSON.stringify({ ...said, tests: results, differences: found })}\n`);
    }
    if (how === "unanswered" || status === null) return exitCode.unanswered;
    return status.isComplete ? exitCode.done : exitCode.failed;
  } finally {
    talk.close();
  }
}

async function place(client: LineClient, o: { site: Site; gateId: string }): Promise<number> {
  const belt = o.site.line.belts.find(({ gates }) => gates.some(({ id }) => id === o.gateId));
  const gate = belt?.gates.find(({ id }) => id === o.gateId);
  if (belt === undefined || gate === undefined) return wrong(`the site has no gate "${o.gateId}"`);
  const talk = dialog(process.stdin, process.stdout);
  try {
    talk.say(
      `Let one parcel ride alone, and stop the belt with its front near the upstream edge of gate ${gate.id}; leave it lying.\n`,
    );
    const pastMm = await millimetres(talk);
    if (pastMm === null) return exitCode.failed;
    const view = await client.line();
    if (typeof view === "string") {
      process.stderr.write(`no answer: ${view}\n`);
      return exitCode.unanswered;
    }
    const placed = placeOf(view, { gateId: gate.id, beltId: belt.id, atMm: gate.atMm }, pastMm);
    if (placed.kind === "not") {
      process.stderr.write(`not measured: ${placed.why}\n`);
      return exitCode.failed;
    }
    const { atMm, errorMm, difference } = placed;
    talk.say(`gate ${gate.id} stands at ${atMm} mm, give or take ${errorMm}\n`);
    talk.say(difference === null ? "  as line.yaml says\n" : differenceWords([difference]));
    return exitCode.done;
  } finally {
    talk.close();
  }
}

async function millimetres(talk: Dialog): Promise<number | null> {
  for (;;) {
    const said = await talk.line("How many mm is the front past the edge (0: on it, -12: 12 mm before it)? ");
    if (said === null) return null;
    if (/^-?\d{1,4}$/.test(said)) return Number(said);
  }
}

function read(args: string[]): Asked {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { code: text, wait: text, status: flag, place: text, json: flag, "token-file": text, url: text },
  });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new Error("give one SITE");
  const code = values.code ?? "COLINE-TEST-01";
  if (!isTestCode(code)) throw new Error("--code takes COLINE-TEST-00 to COLINE-TEST-99");
  const seconds = Number(values.wait ?? 120);
  if (!Number.isSafeInteger(seconds) || seconds < 10 || seconds > 600)
    throw new Error("--wait takes a whole number of seconds, 10 to 600");
  const token = tokenFrom(values["token-file"]);
  if (token === null) throw new Error(NO_TOKEN);
  return {
    ...{ folder, code, seconds, token, url: values.url },
    ...{ isStatus: values.status, placeOf: values.place ?? null, isJson: values.json },
  };
}
