// Parcels that have left, oldest first, in pages that never change: a checkpoint takes fifty thousand of them at no cost.

export interface Departed {
  itemId: number;
  chuteId: string;
}

/** `company/waybill`, and where its pieces went. */
export type DepartedPage = readonly (readonly [parcel: string, pieces: readonly Departed[]])[];

/** A page is written into a checkpoint in one go, some 30 kB; a change copies one page of references. */
const PARCELS_PER_PAGE = 512;

/**
 * What a `Map` in the order of last setting would hold. Every change makes its page anew, so that who holds `pages()`
 * may write them one by one while the line goes on.
 */
export class DepartedParcels {
  readonly #pages = new Map<number, DepartedPage>();
  readonly #pageOf = new Map<string, number>();
  #newest = 0;

  /** @param pages as `pages()` gave them; a parcel that stands there twice counts where it stands last */
  constructor(pages: readonly DepartedPage[] = []) {
    for (const [parcel, pieces] of pages.flat()) this.put(parcel, pieces);
  }

  get size(): number {
    return this.#pageOf.size;
  }

  pages(): readonly DepartedPage[] {
    return [...this.#pages.values()];
  }

  get(parcel: string): readonly Departed[] | undefined {
    const number = this.#pageOf.get(parcel);
    return number === undefined ? undefined : this.#pages.get(number)?.find(([key]) => key === parcel)?.[1];
  }

  /** It is the newest then, also when it was there before. */
  put(parcel: string, pieces: readonly Departed[]): void {
    this.remove(parcel);
    const page = this.#pages.get(this.#newest) ?? [];
    if (page.length >= PARCELS_PER_PAGE) {
      this.#newest += 1;
      this.#pages.set(this.#newest, [[parcel, pieces]]);
    } else this.#pages.set(this.#newest, [...page, [parcel, pieces]]);
    this.#pageOf.set(parcel, this.#newest);
  }

  remove(parcel: string): void {
    const number = this.#pageOf.get(parcel);
    const page = number === undefined ? undefined : this.#pages.get(number);
    if (number === undefined || page === undefined) return;
    this.#pageOf.delete(parcel);
    if (page.length > 1)
      this.#pages.set(
        number,
        page.filter(([key]) => key !== parcel),
      );
    else this.#pages.delete(number);
  }

  removeOldest(): void {
    for (const [oldest] of this.#pageOf) return this.remove(oldest);
  }

  /** Parcels one of whose pieces was that item. */
  *of(itemId: number): IterableIterator<string> {
    for (const page of this.pages())
      for (const [parcel, pieces] of page) if (pieces.some((piece) => piece.itemId === itemId)) yield parcel;
  }
}
