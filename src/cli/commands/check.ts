// `coline check SITE`: decides whether a site may be activated, and says every problem or the whole proof.
import { parseArgs } from "node:util";
import { loadSite } from "../../config/load.ts";
import { problemsOfProof, siteFacts } from "../../config/site-facts.ts";
import { isProved, prove } from "../../proof/prove.ts";
import { problemReport, proofReport } from "../check-report.ts";
import { deviceText, lookAtDevices } from "../device-report.ts";
import { runAsked } from "../run-asked.ts";

export const summary = "prove a site: its files, its chute map against the law, its time budgets";

const usage = `usage: coline check SITE [--devices] [--json]

  SITE       folder with line.yaml, chutes.yaml, customs.yaml and gateway.yaml
  --devices  look at the scanners' ports of this machine too: each is opened for a moment, unless it is in use
  --json     one JSON document instead of text

exit code: 0 the site may run, 1 it has errors or a scanner's port cannot be opened, 2 used wrongly
`;

interface Asked {
  folder: string;
  json: boolean;
  devices: boolean;
}

export const run = (args: string[]): Promise<number> => runAsked(args, { name: "check", usage, read, run: check });

async function check({ folder, json, devices }: Asked): Promise<number> {
  const loaded = loadSite(folder);
  if (!loaded.ok) {
    process.stdout.write(
      json ? asJson({ ok: false, problems: loaded.problems }) : problemReport(folder, loaded.problems),
    );
    return 1;
  }
  const { site } = loaded;
  const proof = prove(siteFacts(site));
  const problems = problemsOfProof(site, proof.findings);
  const ok = isProved(proof);
  const looked = devices ? await lookAtDevices(site.line.scanners) : null;
  const isWell = ok && looked?.ok !== false;
  if (json) {
    const report = { ok: isWell, layoutHash: site.layout.hash, problems, proof };
    process.stdout.write(asJson(looked === null ? report : { ...report, devices: looked.scanners }));
  } else {
    process.stdout.write(ok ? proofReport(site, proof, problems) : problemReport(folder, problems));
    if (looked !== null) process.stdout.write(`\n${deviceText(looked)}`);
  }
  return isWell ? 0 : 1;
}

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function read(args: string[]): Asked {
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: flag, devices: flag } });
  const [folder, ...rest] = positionals;
  if (folder === undefined || rest.length > 0) throw new Error("give one SITE");
  return { folder, ...values };
}
