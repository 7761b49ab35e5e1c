// `coline looptest SITE`: moves each gate to each of its chutes, and says where that differs from line.yaml.
import { parseArgs } from "node:util";
import type { Site } from "../../config/load.ts";
import type { JogResult } from "../../line/plant-state.ts";
import { exitCode } from "../../process/exit-code.ts";
import { type Finding, findingsOf, type GateSays } from "../jog/findings.ts";
import { endWords, inMs, moveGate } from "../jog/move.ts";
import { gatewayUrl, LineClient, NO_TOKEN, siteIn, tokenFrom } from "../line-client.ts";
import { runAsked, wholeNumber } from "../run-asked.ts";

export const summary = "move each gate to each of its chutes by hand, and compare with line.yaml";

const MOST_TIMES = 20;

const usage = `usage: coline looptest SITE [--gate ID ...] [--times N] [--token-file FILE] [--url URL]

  --gate   only this gate; may be given several times
  --times  how often each gate goes to each chute, 1 to ${MOST_TIMES}; left out: 2

Each move is one of \`coline jog\`, under the same conditions: the PLC in manual, the run permit off, the belt still and known
to be empty. It ends with the first move that is refused or in doubt.

Exit codes: 0 each gate moved as line.yaml says, 1 something did not, 2 used wrongly, 69 nobody knows, 78 the site does not
pass the check.
`;

interface Asked {
  folder: string;
  gates: readonly string[] | null;
  times: number;
  token: string;
  url: string | undefined;
}

export const run = (args: string[]): Promise<number> =>
  runAsked(args, { name: "looptest", usage, read, run: looptest });

async function looptest(asked: Asked): Promise<number> {
  const site = siteIn(asked.folder);
  if (site === null) return exitCode.badSite;
  const gates = site.line.belts.flatMap((belt) => belt.gates);
  const unknown = asked.gates?.find((id) => !gates.some((gate) => gate.id === id));
  if (unknown !== undefined) {
    process.stderr.write(
      `coline looptest: the site has no gate "${unknown}"; it has ${gates.map(({ id }) => id).join(", ")}\n`,
    );
    return exitCode.usedWrongly;
  }
  const wanted = gates.filter(({ id }) => asked.gates === null || asked.gates.includes(id));
  return test(new LineClient(asked.url ?? gatewayUrl(site), asked.token), { site, gates: wanted, times: asked.times });
}

type Gate = Site["line"]["belts"][number]["gates"][number];

async function test(client: LineClient, o: { site: Site; gates: readonly Gate[]; times: number }): Promise<number> {
  const findings: Finding[] = [];
  let moves = 0;
  for (const gate of o.gates) {
    const results: JogResult[] = [];
    for (const chuteId of gate.chutes.flatMap((id) => new Array<string>(o.times).fill(id))) {
      const moved = await moveGate(client, { gateId: gate.id, chuteId });
      const what = `${gate.id} to ${chuteId}`;
      if (moved.kind !== "seen") {
        const why = moved.kind === "refused" ? `${moved.code}: ${moved.message}\n  ${moved.hint}` : moved.why;
        process.stderr.write(`${moved.kind === "refused" ? "refused" : "no answer"}: ${what}\n  ${why}\n`);
        return moved.kind === "refused" ? exitCode.failed : exitCode.unanswered;
      }
      const { end, answeredNs, outNs, homeNs } = moved.result;
      const times = `answered ${inMs(answeredNs)}, out ${inMs(outNs)}, home ${inMs(homeNs)}`;
      process.stdout.write(`${what}: ${end === "done" ? times : endWords(moved.result)}\n`);
      moves += 1;
      if (end === "done") results.push(moved.result);
      else findings.push({ gateId: gate.id, text: `to ${chuteId}: ${endWords(moved.result)}`, paste: null });
      if (end === "inDoubt" || end === "notHome") return report(findings, moves);
    }
    findings.push(...findingsOf(saysOf(o.site, gate), results));
  }
  return report(findings, moves);
}

function saysOf({ line, layout }: Site, { id, device }: Gate): GateSays {
  const pollMs = line.devices.find((each) => each.id === device)?.pollMs ?? 0;
  const gate = layout.belts.flatMap(({ gates }) => gates).find((each) => each.id === id);
  return {
    gateId: id,
    pollMs,
    travelMs: (gate?.travelNs ?? 0) / 1e6,
    busMs: (gate?.busNs ?? 0) / 1e6,
    seesOut: gate?.hasOutFeedback ?? false,
    seesHome: gate?.hasHomeFeedback ?? false,
  };
}

function report(findings: readonly Finding[], moves: number): number {
  if (findings.length === 0) {
    process.stdout.write(`\n${moves} moves, each as line.yaml says.\n`);
    return exitCode.done;
  }
  process.stdout.write(`\n${moves} moves. What differs:\n`);
  for (const { gateId, text } of findings) process.stdout.write(`  ${gateId}: ${text}\n`);
  const pastes = findings.filter(({ paste }) => paste !== null);
  if (pastes.length > 0) process.stdout.write("\nFor line.yaml, then `coline check` anew:\n");
  for (const { gateId, paste } of pastes) process.stdout.write(`  ${paste}  # gate ${gateId}\n`);
  return exitCode.failed;
}

function read(args: string[]): Asked {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { gate: { ...text, multiple: true }, times: text, "token-file": text, url: text },
  });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new Error("give one SITE");
  const times = wholeNumber("--times", values.times ?? "2", MOST_TIMES);
  const token = tokenFrom(values["token-file"]);
  if (token === null) throw new Error(NO_TOKEN);
  return { folder, gates: values.gate ?? null, times, token, url: values.url };
}
