// Which files of the journal's folder are segments, in which form each is there, and what an interrupted copy left.
import { namesIn } from "../../journal/if-there.ts";
import { segmentName } from "../../journal/segment.ts";

/** One segment; after a crash both forms may be there, and the plain one is whole. */
export interface KeptSegment {
  number: number;
  isPlain: boolean;
  isPacked: boolean;
}

export const packedName = (number: number): string => `${segmentName(number)}.gz`;
/** The form that readers take. */
export const nameOf = (segment: KeptSegment): string =>
  segment.isPlain ? segmentName(segment.number) : packedName(segment.number);

const SEGMENT = /^(\d{12})\.jsonl(\.gz)?$/;
const PART = /^\d{12}\.jsonl\.gz\.part$/;

/** Oldest first; `parts` are the names of copies that were never finished, which no reader looks at. */
export async function keptSegments(folder: string): Promise<{ segments: KeptSegment[]; parts: string[] }> {
  const byNumber = new Map<number, KeptSegment>();
  const parts: string[] = [];
  for (const name of await namesIn(folder)) {
    if (PART.test(name)) parts.push(name);
    const [, digits, packed] = SEGMENT.exec(name) ?? [];
    if (digits === undefined) continue;
    const number = Number(digits);
    const segment = byNumber.get(number) ?? { number, isPlain: false, isPacked: false };
    if (packed === undefined) segment.isPlain = true;
    else segment.isPacked = true;
    byNumber.set(number, segment);
  }
  return { segments: [...byNumber.values()].sort((a, b) => a.number - b.number), parts };
}
