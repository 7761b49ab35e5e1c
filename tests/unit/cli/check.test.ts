// `coline check` as a person meets it: what it prints, at which width, and with which exit code.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "../../../src/cli/commands/check.ts";
import { SITE_FILE_NAMES } from "../../../src/config/site-files.ts";
import { edited, exampleFolder, type SiteTexts } from "../config/example-site.ts";
import { caughtConsole } from "./caught-console.ts";

const said = caughtConsole();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coline-check-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("coline check", () => {
  test.each(["common-line", "plain-coils", "three-buses"] as const)(
    "of %s prints the proof and exits 0",
    async (name) => {
      const { code, out } = await checking(exampleFolder(name));
      expect(code).toBe(0);
      expect(out).toContain("The law: ");
      expect(out).toMatch(/combinations, 0 breaches/);
      expect(out.trimEnd().split("\n").at(-1)).toBe("ok: the site keeps the law and its times close");
    },
  );

  test("keeps its tables within 100 columns, each column aligned", async () => {
    const { out } = await checking(exampleFolder("common-line"));
    const lines = out.split("\n");
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    const rule = lines.findIndex((line) => line.startsWith("  ────"));
    const header = lines[rule - 1] ?? "";
    const rows = lines.slice(rule + 1, rule + 10);
    expect(rows.map((row) => row.trim().split(/\s+/)[0])).toEqual([
      "g1",
      "g2",
      "g3",
      "g4",
      "g5",
      "g6",
      "g7",
      "g8",
      "g9",
    ]);
    const place = header.indexOf("late command");
    for (const row of rows) expect(row.slice(place)).toMatch(/^excluded\b/);
  });

  test("of a site that breaks the law prints file, line, column, what and right, and exits 1", async () => {
    const { texts, line, columnOf } = edited("chutes.yaml", "to: [inspection]", "to: [out-cbec-export]");
    const { code, out } = await checking(written(texts));
    expect(code).toBe(1);
    expect(out).toContain(
      `chutes.yaml:${line}:${columnOf("[out-cbec-export]")}: a parcel (no record, inspect) would enter "out-cbec-export": `,
    );
    expect(out).toMatch(/; right: in "when" only what may enter "out-cbec-export", or another chute\n/);
    expect(out.trimEnd()).toMatch(/: 1 error, 0 warnings$/);
  });

  test("of wrong files prints every problem, not only the first", async () => {
    const { texts, line, columnOf } = edited("line.yaml", "coastMm: 600", "coastMm: far");
    texts["customs.yaml"] = texts["customs.yaml"].replace("maxAgeMs", "maxAge");
    const { code, out } = await checking(written(texts));
    expect(code).toBe(1);
    expect(out.split("\n").map((line) => line.split(";")[0])).toEqual([
      `line.yaml:${line}:${columnOf("far")}: coastMm is far`,
      "customs.yaml:5:3: maxAgeMs is missing",
      'customs.yaml:5:3: "maxAge" is no key of freshness',
      "",
      `${folder}: 3 errors, 0 warnings`,
      "",
    ]);
  });

  test("with --json gives one document with problems and figures", async () => {
    const good = await checking(exampleFolder("plain-coils"), "--json");
    const report = JSON.parse(good.out);
    expect(report).toMatchObject({ ok: true, proof: { combinations: 76 } });
    expect(report.problems.map((problem: { severity: string }) => problem.severity)).toEqual(["warning", "warning"]);
    const bad = await checking(folder, "--json");
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.out).problems).toHaveLength(4);
  });

  test.each([[[]], [["a", "b"]], [["--fast", "site"]]])("used as %j explains itself and exits 2", async (args) => {
    const { code, err } = await checking(...args);
    expect(code).toBe(2);
    expect(err).toContain("usage: coline check SITE");
  });
});

function written(texts: SiteTexts): string {
  for (const file of SITE_FILE_NAMES) writeFileSync(join(folder, file), texts[file]);
  return folder;
}

async function checking(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  [said.out, said.err] = ["", ""];
  const code = await run(args);
  return { code, ...said };
}
