// What only one command at a time may use, and who holds it: a gate, or command registers that several gates share.
export class Channels {
  readonly #held = new Map<string, Set<string>>();

  /** No permit over this channel is written until whoever holds it has released it. */
  hold(channel: string, by: string): void {
    const holders = this.#held.get(channel) ?? new Set();
    this.#held.set(channel, holders.add(by));
  }

  release(channel: string, by: string): void {
    const holders = this.#held.get(channel);
    holders?.delete(by);
    if (holders?.size === 0) this.#held.delete(channel);
  }

  isHeld(channel: string): boolean {
    return this.#held.size > 0 && this.#held.has(channel);
  }

  clear(): void {
    this.#held.clear();
  }
}
