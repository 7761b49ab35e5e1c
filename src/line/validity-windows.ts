// Under which validities a parcel's pieces were spent that the store has not taken over: mostly one, until customs moves it.
import { parcelOf, releaseKey } from "./release.ts";

type Spent = ReadonlyMap<string, number>;
type Parcel = { company: string; waybill: string };

/** By parcel its releases in the map; derived data, made when it is first asked for. */
const known = new WeakMap<Spent, Map<string, string[]>>();

const NONE: readonly string[] = [];
const keyOf = ({ company, waybill }: Parcel): string => `${company}/${waybill}`;

/** Releases of the record's parcel under which something is in the map, but for the record's own. */
export function otherWindows(spent: Spent, record: Parcel & { validFromMs: number }): readonly string[] {
  const releases = windowsOf(spent).get(keyOf(record));
  if (releases === undefined) return NONE;
  const own = releaseKey(record);
  return releases.length === 1 && releases[0] === own ? NONE : releases.filter((release) => release !== own);
}

/** Called after each change of the map at this release. */
export function windowSpent(spent: Spent, release: string): void {
  const windows = known.get(spent);
  if (windows !== undefined) note(windows, { release, isThere: spent.has(release) });
}

function windowsOf(spent: Spent): Map<string, string[]> {
  let windows = known.get(spent);
  if (windows === undefined) {
    windows = new Map();
    known.set(spent, windows);
    for (const release of spent.keys()) note(windows, { release, isThere: true });
  }
  return windows;
}

function note(windows: Map<string, string[]>, { release, isThere }: { release: string; isThere: boolean }): void {
  const key = keyOf(parcelOf(release));
  const others = (windows.get(key) ?? []).filter((other) => other !== release);
  const releases = isThere ? [...others, release] : others;
  if (releases.length === 0) windows.delete(key);
  else windows.set(key, releases);
}
