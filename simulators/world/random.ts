// The world's own random numbers: one seed, the same sequence on every machine and engine.

export interface Random {
  /** Unsigned 32 bits. */
  next(): number;
  /** Whole number in [min, max]. */
  integer(min: number, max: number): number;
  /** True with probability `share`, 0..1. */
  chance(share: number): boolean;
  /** One of `choices`, by its weight (≥ 0, at least one above). */
  weighted<T>(choices: readonly { weight: number; value: T }[]): T;
  /** A generator whose numbers do not depend on how many this one has given since. */
  fork(name: string): Random;
}

/**
 * Mulberry-style generator on 32-bit integer operations only: transcendental functions differ between engine versions.
 * @param seed any integer; taken modulo 2^32
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const random: Random = {
    next,
    integer: (min, max) => min + (next() % (max - min + 1)),
    chance: (share) => next() < share * 2 ** 32,
    weighted: (choices) => {
      let total = 0;
      for (const { weight } of choices) total += weight;
      let left = (next() / 2 ** 32) * total;
      for (const choice of choices) {
        left -= choice.weight;
        if (left < 0) return choice.value;
      }
      throw new RangeError("weighted choice: no weight above 0");
    },
    fork: (name) => createRandom(mixedWith(seed, name)),
  };
  return random;
}

function mixedWith(seed: number, name: string): number {
  let hash = seed >>> 0;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) + 0x9e3779b9;
  return hash >>> 0;
}
