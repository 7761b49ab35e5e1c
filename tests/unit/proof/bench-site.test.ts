// The site that the latency bench measures on is proved like any other: its figures are those of a line that may run.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { provedSite } from "../../../src/cli/proved-site.ts";
import { BENCHES, beltNames, PERMITS, writeSite } from "../../bench/latency/site.ts";

test.each(["tcp", "rtu"] as const)("the latency bench's site on %s passes the check", (bus) => {
  const folder = mkdtempSync(join(tmpdir(), "coline-bench-site-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const names = Array.from({ length: BENCHES[bus].belts }, (_, index) => beltNames(index));
  const ports = Object.fromEntries([PERMITS, ...names.map(({ device }) => device)].map((id, at) => [id, 1502 + at]));
  const ttys = Object.fromEntries(names.map(({ scanner }) => [scanner, `/dev/${scanner}`]));
  const lines = Object.fromEntries(names.map(({ device }) => [device, `/dev/${device}`]));
  writeSite(join(folder, "site"), { bus, ports, lines, ttys, dataFolder: join(folder, "data") });
  const proved = provedSite(join(folder, "site"));
  expect(proved.ok, JSON.stringify(proved)).toBe(true);
});
