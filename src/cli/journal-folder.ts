// Finds the journal that a person means: a folder of segment files, or a site whose data folder holds one.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadSite } from "../config/load.ts";
import { problemText } from "../config/problem.ts";
import { fileFolder } from "../journal/file-disk.ts";
import { segmentFiles } from "../journal/segment.ts";
import { dataPlaces } from "../process/data-folder.ts";

/** @returns the folder, or why there is none, in lines for a person */
function journalFolderOf(place: string): { folder: string } | { trouble: readonly string[] } {
  const here = segmentsIn(place);
  if (here === "some") return { folder: place };
  if (here === "no folder") return { trouble: [`there is no folder ${place}`] };
  if (!existsSync(join(place, "line.yaml"))) {
    return { trouble: [`${place} holds no segment files, and is no site: there is no line.yaml in it`] };
  }
  const loaded = loadSite(place);
  if (!loaded.ok) {
    const direct = "where the journal lies cannot be read from it; name the folder itself: DATA_FOLDER/journal";
    return { trouble: [...loaded.problems.map(problemText), direct] };
  }
  const { journalFolder } = dataPlaces(loaded.site.dataFolder);
  if (segmentsIn(journalFolder) === "some") return { folder: journalFolder };
  return { trouble: [`${journalFolder} holds no segment files yet: the controller makes them at its first start`] };
}

/**
 * Runs a command on the journal that `place` means; `o.missing` is the exit code when there is none.
 * @returns the exit code
 */
export function onJournal(place: string, o: { missing: number; run: (folder: string) => number }): number {
  const found = journalFolderOf(place);
  if ("folder" in found) return o.run(found.folder);
  for (const line of found.trouble) process.stderr.write(`coline: ${line}\n`);
  return o.missing;
}

function segmentsIn(folder: string): "some" | "none" | "no folder" {
  try {
    return segmentFiles(fileFolder(folder)).length > 0 ? "some" : "none";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return "no folder";
    throw error;
  }
}
