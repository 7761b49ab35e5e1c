// Asks of a wrong site, the example with one passage replaced: the problem's code, place and remedy must be right.
import { describe, expect, test } from "vitest";
import { loadSiteText } from "../../../src/config/load.ts";
import { problemText } from "../../../src/config/problem.ts";
import type { SiteFile } from "../../../src/config/site-files.ts";
import { type ExampleName, edited, problemsOf } from "./example-site.ts";

export interface WrongSite {
  situation: string;
  file?: SiteFile;
  site?: ExampleName;
  replace: string;
  by: string;
  code: string;
  /** The text at which the problem must point, on the line of the replacement if not elsewhere. */
  at: string;
  elsewhere?: true;
  path: string;
  what: string;
  right: string;
}

export function testWrongSites(title: string, wrongs: readonly WrongSite[]): void {
  describe(title, () => {
    test.each(wrongs)("$situation: $code at its place, with what is right", (wrong) => {
      const file = wrong.file ?? "line.yaml";
      const { texts, line } = edited(file, wrong.replace, wrong.by, wrong.site);
      const problems = problemsOf(loadSiteText("/site", texts));
      const found = problems.find(({ code, path }) => code === wrong.code && path === wrong.path);
      expect(found, problems.map(problemText).join("\n")).toMatchObject({ file, what: wrong.what, right: wrong.right });
      const text = texts[found!.file as SiteFile].split("\n")[found!.line - 1] ?? "";
      expect(text.slice(found!.column - 1).startsWith(wrong.at), `${text}\n${" ".repeat(found!.column - 1)}^`).toBe(
        true,
      );
      if (wrong.elsewhere === undefined) expect(found!.line).toBe(line);
    });
  });
}
