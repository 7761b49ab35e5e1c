// Loading a site: the examples as they are, and what is said of a folder in which everything is wrong at once.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadSite, loadSiteText } from "../../../src/config/load.ts";
import { SITE_FILE_NAMES, type SiteFile } from "../../../src/config/site-files.ts";
import { exampleFolder, exampleTexts, problemsOf } from "./example-site.ts";

describe.each(["common-line", "plain-coils", "three-buses"] as const)("the example %s", (name) => {
  test("loads, and its folders are absolute", () => {
    const loaded = loadSite(exampleFolder(name));
    expect(problemsOf(loaded)).toEqual([]);
    expect(loaded.ok && loaded.site.dataFolder).toBe(join(exampleFolder(name), "data"));
  });
});

describe("a wrong site", () => {
  test("tells the problems of all four files at once, in the order of files and lines", () => {
    const texts = exampleTexts("common-line");
    texts["line.yaml"] = texts["line.yaml"]
      .replace("coastMm: 600", "coastMm: far")
      .replace("chutes: [inspection], ", "chutes: [inspektion], ");
    texts["chutes.yaml"] = texts["chutes.yaml"].replace("to: [inspection]", "to: [nowhere]");
    texts["customs.yaml"] = texts["customs.yaml"].replace("rank: 1", "rank: 0");
    texts["gateway.yaml"] = texts["gateway.yaml"].replace("127.0.0.1\n", "10.0.0.5\n");
    const problems = problemsOf(loadSiteText("/site", texts));
    expect(problems.map(({ file, code }) => `${file} ${code}`)).toEqual([
      "line.yaml CONFIG_WRONG_TYPE",
      "line.yaml CONFIG_UNKNOWN_REFERENCE",
      "line.yaml CONFIG_POSITION_MISSING",
      "line.yaml CONFIG_UNKNOWN_REFERENCE",
      "chutes.yaml CONFIG_CHUTE_UNSERVED",
      "chutes.yaml CONFIG_UNKNOWN_REFERENCE",
      "customs.yaml CONFIG_OUT_OF_RANGE",
      "gateway.yaml CONFIG_EXPOSED_WITHOUT_TOKENS",
    ]);
  });

  test("whose alias bomb would fill the memory is refused without unfolding it", () => {
    const texts = exampleTexts("common-line");
    const bomb = ["a: &a [x]", ...[..."bcdefghij"].map((c, i) => `${c}: &${c} [${`*${"abcdefghi"[i]},`.repeat(20)}]`)];
    texts["gateway.yaml"] = bomb.join("\n");
    const problems = problemsOf(loadSiteText("/site", texts));
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["CONFIG_YAML_ALIAS"]));
  });

  test("of empty files names every key that is missing", () => {
    const texts = Object.fromEntries(SITE_FILE_NAMES.map((file) => [file, "# nothing yet\n"])) as Record<
      SiteFile,
      string
    >;
    const problems = problemsOf(loadSiteText("/site", texts));
    expect(problems.map(({ file, line, column, what }) => `${file}:${line}:${column}: ${what}`)).toEqual([
      "line.yaml:1:1: site is missing",
      "line.yaml:1:1: devices is missing",
      "line.yaml:1:1: belts is missing",
      "line.yaml:1:1: scanners is missing",
      "chutes.yaml:1:1: chutes is missing",
      "chutes.yaml:1:1: routes is missing",
      "customs.yaml:1:1: freshness is missing",
      "customs.yaml:1:1: codes is missing",
    ]);
  });

  test("in a folder without files names each file and what it should hold", () => {
    const folder = mkdtempSync(join(tmpdir(), "coline-site-"));
    try {
      writeFileSync(join(folder, "gateway.yaml"), "api: { port: 1 }\n");
      const problems = problemsOf(loadSite(folder));
      expect(problems.map(({ file, code }) => `${file} ${code}`)).toEqual([
        "line.yaml CONFIG_FILE_UNREADABLE",
        "chutes.yaml CONFIG_FILE_UNREADABLE",
        "customs.yaml CONFIG_FILE_UNREADABLE",
      ]);
      expect(problems[0]?.what).toBe(`there is no ${join(folder, "line.yaml")}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
