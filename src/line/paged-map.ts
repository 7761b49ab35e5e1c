// A map in pages that never change: a checkpoint takes tens of thousands of entries at no cost, and writes them page by page.

export type Page<Value> = readonly (readonly [key: string, value: Value])[];

/** A page is written into a checkpoint in one go, some 30 kB; a change copies one page of references. */
const ENTRIES_PER_PAGE = 512;

/**
 * What a `Map` in the order of last setting would hold, oldest first. Every change makes its page anew, so that who holds
 * `pages()` may write them one by one while the line goes on; values are never changed in place.
 */
export class PagedMap<Value> {
  readonly #pages = new Map<number, Page<Value>>();
  readonly #pageOf = new Map<string, number>();
  #newest = 0;

  /** @param pages as `pages()` gave them; a key that stands there twice counts where it stands last */
  constructor(pages: readonly Page<Value>[] = []) {
    for (const [key, value] of pages.flat()) this.put(key, value);
  }

  get size(): number {
    return this.#pageOf.size;
  }

  pages(): readonly Page<Value>[] {
    return [...this.#pages.values()];
  }

  get(key: string): Value | undefined {
    const number = this.#pageOf.get(key);
    return number === undefined ? undefined : this.#pages.get(number)?.find(([other]) => other === key)?.[1];
  }

  /** It is the newest then, also when it was there before. */
  put(key: string, value: Value): void {
    this.remove(key);
    const page = this.#pages.get(this.#newest) ?? [];
    if (page.length >= ENTRIES_PER_PAGE) {
      this.#newest += 1;
      this.#pages.set(this.#newest, [[key, value]]);
    } else this.#pages.set(this.#newest, [...page, [key, value]]);
    this.#pageOf.set(key, this.#newest);
  }

  remove(key: string): void {
    const number = this.#pageOf.get(key);
    const page = number === undefined ? undefined : this.#pages.get(number);
    if (number === undefined || page === undefined) return;
    this.#pageOf.delete(key);
    if (page.length > 1)
      this.#pages.set(
        number,
        page.filter(([other]) => other !== key),
      );
    else this.#pages.delete(number);
  }

  removeOldest(): void {
    for (const [oldest] of this.#pageOf) return this.remove(oldest);
  }
}
