// The site that the latency bench measures on is proved like any other: its figures are those of a line that may run.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { provedSite } from "../../../src/cli/proved-site.ts";
import { siteFacts } from "../../../src/config/site-facts.ts";
import { prove } from "../../../src/proof/prove.ts";
import {
  type BeltGroup,
  type BenchBus,
  beltNames,
  benchOf,
  indexesOf,
  permitsOf,
  writeSite,
} from "../../bench/latency/site.ts";

function group(bus: BenchBus, first = 0, belts?: number): BeltGroup {
  const bench = benchOf(bus, belts);
  const names = indexesOf({ first, bench }).map(beltNames);
  const ids = [permitsOf(first), ...names.map(({ device }) => device)];
  return {
    ...{ bus, first, bench },
    ports: Object.fromEntries(ids.map((id, at) => [id, 1502 + 100 * first + at])),
    ttys: Object.fromEntries(names.map(({ scanner }) => [scanner, `/dev/${scanner}`])),
    lines: Object.fromEntries(names.map(({ device }) => [device, `/dev/${device}`])),
  };
}

test.each([
  ["tcp", [group("tcp")]],
  ["rtu", [group("rtu")]],
  ["opcua", [group("opcua")]],
  ["tcp, and behind OPC UA beside it", [group("tcp", 0, 10), group("opcua", 10, 2)]],
] as const)("the latency bench's site on %s passes the check", (_, groups) => {
  const folder = mkdtempSync(join(tmpdir(), "coline-bench-site-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeSite(join(folder, "site"), { groups, dataFolder: join(folder, "data") });
  const proved = provedSite(join(folder, "site"));
  if (!proved.ok) return expect.unreachable(proved.report);
  // A parcel that comes at the closest and is measured as closer rides to the safe end, and would be taken for late.
  for (const { gap, guaranteedGapUm } of prove(siteFacts(proved.site)).gates)
    expect(guaranteedGapUm - gap.demandedUm).toBeGreaterThan(gap.errorsUm);
});
