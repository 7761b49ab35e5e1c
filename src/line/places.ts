// Where the items of a belt are, sorted by place, so that those near a place are found without looking at all of them.

/** Items by their origin (place = position - origin), the furthest downstream first. An origin changes at each eye. */
export class Places {
  readonly #origins: number[] = [];
  readonly #ids: number[] = [];

  add(id: number, originUm: number): void {
    const at = this.indexFrom(originUm);
    this.#origins.splice(at, 0, originUm);
    this.#ids.splice(at, 0, id);
  }

  /** Mostly nobody is overtaken, and it stays where it stands. */
  move(id: number, fromUm: number, toUm: number): void {
    const at = this.#ids.indexOf(id, this.indexFrom(fromUm));
    const aheadUm = this.#origins[at - 1] ?? Number.NEGATIVE_INFINITY;
    const behindUm = this.#origins[at + 1] ?? Number.POSITIVE_INFINITY;
    if (at >= 0 && aheadUm < toUm && toUm < behindUm) {
      this.#origins[at] = toUm;
      return;
    }
    this.remove(id, fromUm);
    this.add(id, toUm);
  }

  /** @param originUm as it was added */
  remove(id: number, originUm: number): void {
    const at = this.#ids.indexOf(id, this.indexFrom(originUm));
    if (at < 0) return;
    this.#origins.splice(at, 1);
    this.#ids.splice(at, 1);
  }

  /** Items with an origin from `fromUm` to `toUm`, both included. */
  between(fromUm: number, toUm: number): number[] {
    const found: number[] = [];
    for (let at = this.indexFrom(fromUm); (this.#origins[at] ?? Number.POSITIVE_INFINITY) <= toUm; at += 1)
      found.push(this.#ids[at] as number);
    return found;
  }

  /** Index of the first item with an origin of at least `originUm`. */
  indexFrom(originUm: number): number {
    let low = 0;
    let high = this.#origins.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#origins[middle] as number) < originUm) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  idAt(index: number): number | undefined {
    return this.#ids[index];
  }
}
