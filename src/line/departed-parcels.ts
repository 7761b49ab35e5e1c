// Parcels that have left, oldest first, by `company/waybill`: where the pieces of each went.
import { type Page, PagedMap } from "./paged-map.ts";

export interface Departed {
  itemId: number;
  chuteId: string;
}

export type DepartedPage = Page<readonly Departed[]>;

export class DepartedParcels extends PagedMap<readonly Departed[]> {
  /** Parcels one of whose pieces was that item. */
  *of(itemId: number): IterableIterator<string> {
    for (const page of this.pages())
      for (const [parcel, pieces] of page) if (pieces.some((piece) => piece.itemId === itemId)) yield parcel;
  }
}
