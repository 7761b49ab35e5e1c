// What a rule about the whole site gets and gives: the draft, and a way to say what is wrong where.
import type { SiteDraft } from "../draft.ts";
import type { Path } from "../problem.ts";
import type { SiteFile } from "../site-files.ts";

export interface Finding {
  code: string;
  what: string;
  right: string;
  /** The finding is about the key, not about its value. */
  atKey?: boolean;
}

export type Report = (file: SiteFile, path: Path, finding: Finding) => void;

/** Judges one matter over the files of a site; a value that is missing was reported by the schema and is passed over. */
export type Rule = (site: SiteDraft, report: Report) => void;
