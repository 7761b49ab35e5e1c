// Whether a belt is driven: the run permit's relay and a person's start, latched outside every controller.

/** The relay's contact falls: the latch falls with it, and only a person at the line sets it again. */
export class Drive {
  readonly #startAfterNs: number | null;
  /** False: somebody has switched to manual. Who drives the belt then, and whether it moves, stays as it was. */
  isAutomatic = true;
  #permitted = false;
  #started = false;
  /** Since when a person could start; null: cannot now. */
  #readySinceNs: number | null = null;

  /** @param startAfterNs the person presses start this long after it is possible; null: only when told to */
  constructor(startAfterNs: number | null) {
    this.#startAfterNs = startAfterNs;
  }

  permit(on: boolean): void {
    this.#permitted = on;
    if (!on) this.#started = false;
  }

  /** A person presses start: without effect while the permit is missing. */
  pressStart(): void {
    if (this.#permitted) this.#started = true;
  }

  step(atNs: number, belt: { stands: boolean }): void {
    if (!this.#permitted || this.#started || !belt.stands) {
      this.#readySinceNs = null;
      return;
    }
    this.#readySinceNs ??= atNs;
    if (this.#startAfterNs !== null && atNs - this.#readySinceNs >= this.#startAfterNs) this.pressStart();
  }

  /** Time changes nothing: there is nobody who is about to press start. */
  isQuiet(belt: { stands: boolean }): boolean {
    return !this.#permitted || this.#started || !belt.stands;
  }

  get isOn(): boolean {
    return this.#permitted && this.#started;
  }
}
