// Puts words among those of a read, where they lie within it.

/** @param index counted from the first register of the read; outside of it nothing is put */
export function put(values: number[], index: number, value: number): void {
  if (index >= 0 && index < values.length) values[index] = value;
}
