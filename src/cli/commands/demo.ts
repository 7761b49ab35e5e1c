// `coline demo`: the whole line on simulated devices: rig, controller and gateway, live view, truth against journal.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { DemoOptions } from "../demo/run-demo.ts";
import { runAsked, wholeNumber } from "../run-asked.ts";

export const summary = "sort parcels on the simulated line and compare truth and journal";

const usage = `usage: coline demo [SITE] [--parcels N] [--rate PER_HOUR] [--json] [--keep]

  SITE               another site's folder, on simulated devices (default: the example site common-line)
  --parcels N        parcels to feed (default: as many as come in 50 s)
  --rate PER_HOUR    parcels an hour, at most what the belt takes (default 10000)
  --seed N           another day's traffic (default 1)
  --json             no screen; the last line of stdout is the result as one JSON object
  --keep             keep the run's folder with journal, release cache and log

exit code: 0 the law was kept and every released, readable parcel is in its chute; 1 not so; 2 used wrongly
`;

const DEFAULT_RATE = 10_000;
const DEFAULT_SECONDS = 50;
/** Of each option that counts something. */
const MOST = 1_000_000;

export const run = (args: string[]): Promise<number> => runAsked(args, { name: "demo", usage, read, run: demo });

async function demo(asked: Asked): Promise<number> {
  const { runDemo } = await import("../demo/run-demo.ts");
  const folder = mkdtempSync(join(tmpdir(), "coline-demo-"));
  try {
    return await runDemo({ ...asked, folder, siteFolder: asked.siteFolder ?? exampleSite() });
  } finally {
    if (asked.keep) process.stderr.write(`kept: ${folder}\n`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

/** The example site ships beside the sources and beside the build. */
function exampleSite(): string {
  const up = import.meta.url.includes("/dist/src/") ? "../../../../" : "../../../";
  return fileURLToPath(new URL(`${up}config/sites/common-line`, import.meta.url));
}

type Asked = Omit<DemoOptions, "folder" | "siteFolder"> & { siteFolder: string | null; keep: boolean };

function read(args: string[]): Asked {
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      parcels: { type: "string" },
      rate: { type: "string", default: String(DEFAULT_RATE) },
      seed: { type: "string", default: "1" },
      json: flag,
      keep: flag,
    },
  });
  if (positionals.length > 1) throw new Error("one SITE at the most");
  const { parcels, json, keep } = values;
  const perHour = wholeNumber("--rate", values.rate, MOST);
  return {
    siteFolder: positionals[0] ?? null,
    parcels:
      parcels === undefined
        ? Math.max(1, Math.floor((perHour * DEFAULT_SECONDS) / 3600))
        : wholeNumber("--parcels", parcels, MOST),
    perHour,
    seed: wholeNumber("--seed", values.seed, MOST),
    json,
    keep,
    bounded: parcels === undefined,
  };
}
