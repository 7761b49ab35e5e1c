// Plans the fewest reads that bring all inputs of a device, and no read longer than Modbus allows.

export interface Span {
  address: number;
  count: number;
}

/** Modbus application protocol V1.1b3, 6.3 and 6.4: 125 registers in one read. */
export const MAX_REGISTERS = 125;
/** 6.1 and 6.2: 2000 coils or discrete inputs in one read; a multiple of 16 that many replies still fit. */
export const MAX_BITS = 2000;

/**
 * Merges spans that overlap or lie at most `maxGap` apart. A device that lacks the addresses between answers exception
 * 02; the plan is then made again with `maxGap` 0.
 */
export function planReads(spans: readonly Span[], o: { maxGap: number; maxCount: number }): Span[] {
  const sorted = [...spans].sort((a, b) => a.address - b.address);
  const reads: Span[] = [];
  for (const span of sorted) {
    const last = reads.at(-1);
    const endOfLast = last === undefined ? 0 : last.address + last.count;
    const end = Math.max(endOfLast, span.address + span.count);
    const fits = last !== undefined && span.address - endOfLast <= o.maxGap && end - last.address <= o.maxCount;
    if (fits) last.count = end - last.address;
    else reads.push({ ...span });
  }
  return reads;
}

/** Whole words of 16 that cover these bits, merged over gaps of up to 128. */
export function planBitReads(addresses: readonly number[]): Span[] {
  const words = addresses.map((address) => ({ address: address & ~15, count: 16 }));
  return planReads(words, { maxGap: 128, maxCount: MAX_BITS });
}

/** The bits alone, for a device that has no address beyond the ones it uses. */
export function planExactBitReads(addresses: readonly number[]): Span[] {
  const words = new Map<number, number>();
  for (const address of addresses) {
    const word = address & ~15;
    words.set(word, Math.max(words.get(word) ?? 0, (address & 15) + 1));
  }
  return [...words].map(([address, count]) => ({ address, count })).sort((a, b) => a.address - b.address);
}
