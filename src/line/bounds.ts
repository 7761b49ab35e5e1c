// A lower bound for each of many ids, ordered so that the lowest is known at once: a binary heap that knows where each is.

export class Bounds {
  readonly #ids: number[] = [];
  readonly #bounds: number[] = [];
  readonly #placeOf = new Map<number, number>();

  /** Infinity: there is none. */
  get lowest(): number {
    return this.#bounds[0] ?? Number.POSITIVE_INFINITY;
  }

  /** The id of the lowest bound; null: there is none. */
  get first(): number | null {
    return this.#ids[0] ?? null;
  }

  /** Infinity takes the id out. */
  set(id: number, bound: number): void {
    const place = this.#placeOf.get(id);
    if (bound === Number.POSITIVE_INFINITY) {
      if (place !== undefined) this.#takeOut(place, id);
    } else if (place === undefined) this.#rise(this.#ids.length, id, bound);
    else if (bound < (this.#bounds[place] as number)) this.#rise(place, id, bound);
    else if (bound > (this.#bounds[place] as number)) this.#sink(place, id, bound);
  }

  /** Adds every id whose bound is at most `limit`, in no order; costs no more than twice their number. */
  upTo(limit: number, found: Set<number>, place = 0): void {
    if (!((this.#bounds[place] ?? Number.POSITIVE_INFINITY) <= limit)) return;
    found.add(this.#ids[place] as number);
    this.upTo(limit, found, 2 * place + 1);
    this.upTo(limit, found, 2 * place + 2);
  }

  #takeOut(place: number, id: number): void {
    this.#placeOf.delete(id);
    const lastId = this.#ids.pop() as number;
    const lastBound = this.#bounds.pop() as number;
    if (lastId === id) return;
    const parent = this.#bounds[(place - 1) >> 1];
    if (place > 0 && lastBound < (parent as number)) this.#rise(place, lastId, lastBound);
    else this.#sink(place, lastId, lastBound);
  }

  #rise(from: number, id: number, bound: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if ((this.#bounds[parent] as number) <= bound) break;
      this.#put(place, this.#ids[parent] as number, this.#bounds[parent] as number);
      place = parent;
    }
    this.#put(place, id, bound);
  }

  #sink(from: number, id: number, bound: number): void {
    const { length } = this.#ids;
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= length) break;
      if (child + 1 < length && (this.#bounds[child + 1] as number) < (this.#bounds[child] as number)) child += 1;
      if (bound <= (this.#bounds[child] as number)) break;
      this.#put(place, this.#ids[child] as number, this.#bounds[child] as number);
      place = child;
    }
    this.#put(place, id, bound);
  }

  #put(place: number, id: number, bound: number): void {
    this.#ids[place] = id;
    this.#bounds[place] = bound;
    this.#placeOf.set(id, place);
  }
}
