// Loads a site: reads its four files, tells every problem at once, and compiles the layout when there is none.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { LineLayout } from "../line/layout.ts";
import type { ChutesConfig } from "./chutes-schema.ts";
import { compileLayout } from "./compile.ts";
import type { CustomsConfig } from "./customs-schema.ts";
import { type SiteDraft, without } from "./draft.ts";
import type { GatewayConfig } from "./gateway-schema.ts";
import type { LineConfig } from "./line-schema.ts";
import { plantHash } from "./plant-hash.ts";
import { inOrder, type Path, type Problem } from "./problem.ts";
import { jsonSchemaOf } from "./published-schema.ts";
import { judgeSite } from "./rules/all.ts";
import { schemaProblems } from "./schema-problems.ts";
import { SITE_FILE_NAMES, SITE_FILES, type SiteFile } from "./site-files.ts";
import { problemAt, readYaml, unreadable, type YamlSource } from "./yaml-source.ts";

export interface Site {
  folder: string;
  /** Absolute. */
  dataFolder: string;
  /** Absolute; null: no archive. */
  archiveFolder: string | null;
  line: LineConfig;
  chutes: ChutesConfig;
  customs: CustomsConfig;
  gateway: GatewayConfig;
  layout: LineLayout;
  sources: SiteSources;
}

/** The files as read: they know the place of every value. */
export type SiteSources = Readonly<Record<SiteFile, YamlSource>>;

export type LoadedSite = { ok: true; site: Site } | { ok: false; problems: Problem[] };

/** Reads the files only: no network, no device, nothing is created. */
export const loadSite = (folder: string): LoadedSite => loadSiteFrom(folder, (file) => readSource(folder, file));

/** A site whose files are given as text; for tests and for a map that is to be proved before it is written. */
export const loadSiteText = (folder: string, texts: Readonly<Record<SiteFile, string>>): LoadedSite =>
  loadSiteFrom(folder, (file) => readYaml(file, texts[file]));

function loadSiteFrom(folder: string, read: (file: SiteFile) => YamlSource): LoadedSite {
  const sources = Object.fromEntries(SITE_FILE_NAMES.map((file) => [file, read(file)])) as SiteSources;
  const parsed = SITE_FILE_NAMES.map((file) => parse(sources[file], file));
  const [line, chutes, customs, gateway] = parsed.map(({ value }) => value ?? {});
  const problems = parsed.flatMap((each) => each.problems);
  judgeSite({ line, chutes, customs, gateway } as SiteDraft, (file, path, finding) =>
    problems.push(problemAt(sources[file], path, finding)),
  );
  if (problems.length > 0) return { ok: false, problems: inOrder(problems, SITE_FILE_NAMES) };
  const config = { line, chutes, customs, gateway } as Pick<Site, "line" | "chutes" | "customs" | "gateway">;
  const absolute = resolve(folder);
  const dataFolder = resolve(absolute, config.line.dataFolder);
  const archive = config.line.storage.archiveFolder;
  const archiveFolder = archive === undefined ? null : resolve(absolute, archive);
  const layout = compileLayout(config, config.line.plant === "simulated" ? null : plantHash(sources));
  return { ok: true, site: { folder: absolute, dataFolder, archiveFolder, ...config, layout, sources } };
}

/** The file's value as far as the schema accepts it. */
function parse(source: YamlSource, file: SiteFile): { value: unknown; problems: Problem[] } {
  if (source.problems.length > 0) return { value: null, problems: source.problems };
  const result = SITE_FILES[file].schema.safeParse(source.value ?? {});
  if (result.success) return { value: result.data, problems: [] };
  const { issues } = result.error;
  const refused = issues.flatMap((issue): Path[] => {
    const path = issue.path.filter((step) => typeof step !== "symbol");
    return issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
  });
  return { value: without(source.value, refused), problems: schemaProblems(source, issues, jsonSchemaOf(file)) };
}

function readSource(folder: string, file: SiteFile): YamlSource {
  try {
    return readYaml(file, readFileSync(join(folder, file), "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return unreadable(
      file,
      code === "ENOENT" ? `there is no ${join(folder, file)}` : `it cannot be read (${code})`,
      SITE_FILES[file].about,
    );
  }
}
