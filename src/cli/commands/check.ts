// `coline check SITE`: decides whether a site may be activated, and says every problem or the whole proof.
import { parseArgs } from "node:util";
import { loadSite } from "../../config/load.ts";
import { problemsOfProof, siteFacts } from "../../config/site-facts.ts";
import { isProved, prove } from "../../proof/prove.ts";
import { problemReport, proofReport } from "../check-report.ts";

export const summary = "prove a site: its files, its chute map against the law, its time budgets";

const usage = `usage: coline check SITE [--json]

  SITE     folder with line.yaml, chutes.yaml, customs.yaml and gateway.yaml
  --json   one JSON document instead of text

exit code: 0 the site may run, 1 it has errors, 2 used wrongly
`;

export async function run(args: string[]): Promise<number> {
  const asked = parse(args);
  if (asked === null) {
    process.stderr.write(usage);
    return 2;
  }
  if (asked.help) {
    process.stdout.write(usage);
    return 0;
  }
  return check(asked.folder, asked.json);
}

function check(folder: string, json: boolean): number {
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
  if (json) process.stdout.write(asJson({ ok, layoutHash: site.layout.hash, problems, proof }));
  else process.stdout.write(ok ? proofReport(site, proof, problems) : problemReport(folder, problems));
  return ok ? 0 : 1;
}

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function parse(args: string[]): { folder: string; json: boolean; help: boolean } | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: "boolean", default: false }, help: { type: "boolean", short: "h", default: false } },
    });
    const [folder, ...rest] = positionals;
    if (values.help) return { folder: "", json: false, help: true };
    return folder === undefined || rest.length > 0 ? null : { folder, json: values.json, help: false };
  } catch (error) {
    process.stderr.write(`coline check: ${(error as Error).message}\n`);
    return null;
  }
}
