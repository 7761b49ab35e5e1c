// `coline demo`: the whole line on simulated devices: rig, controller and gateway, live view, truth against journal.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { DemoOptions } from "../demo/run-demo.ts";

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

export async function run(args: string[]): Promise<number> {
  const asked = parse(args);
  if (asked === null) {
    process.stderr.write(usage);
    return 2;
  }
  if (asked === "help") {
    process.stdout.write(usage);
    return 0;
  }
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

function parse(args: string[]): Asked | "help" | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        parcels: { type: "string" },
        rate: { type: "string", default: String(DEFAULT_RATE) },
        seed: { type: "string", default: "1" },
        json: { type: "boolean", default: false },
        keep: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return "help";
    if (positionals.length > 1) throw new Error("one SITE at the most");
    const perHour = wholeNumber("--rate", values.rate);
    const parcels =
      values.parcels === undefined
        ? Math.max(1, Math.floor((perHour * DEFAULT_SECONDS) / 3600))
        : wholeNumber("--parcels", values.parcels);
    const { json, keep } = values;
    return {
      siteFolder: positionals[0] ?? null,
      parcels,
      perHour,
      seed: wholeNumber("--seed", values.seed),
      json,
      keep,
      bounded: values.parcels === undefined,
    };
  } catch (error) {
    process.stderr.write(`coline demo: ${(error as Error).message}\n`);
    return null;
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1_000_000) {
    throw new Error(`${name} takes a whole number from 1 to 1000000, not "${text}"`);
  }
  return value;
}
