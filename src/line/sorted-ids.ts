// Lists of ids in growing order: parcels come onto a belt one after the other, so that their ids stand as they ride.

/** Index of the first id that is at least `id`. */
export function placeOf(ids: readonly number[], id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] as number) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** -1: it is not there. */
export function indexOfId(ids: readonly number[], id: number): number {
  const at = placeOf(ids, id);
  return ids[at] === id ? at : -1;
}

export function insertId(ids: number[], id: number): void {
  const at = placeOf(ids, id);
  if (ids[at] !== id) ids.splice(at, 0, id);
}

export function removeId(ids: number[], id: number): void {
  const at = placeOf(ids, id);
  if (ids[at] === id) ids.splice(at, 1);
}

export const byNumber = (a: number, b: number): number => a - b;
