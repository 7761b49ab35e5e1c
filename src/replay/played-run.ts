// One run of the controller, played again: its inputs go to a core, and each entry that comes out must be the journal's.
import type { RecordedInput } from "../journal/inputs/decoder.ts";
import type { createLine } from "../line/core.ts";
import type { LineEntry } from "../line/entry.ts";
import type { Look, ReleasePort } from "../line/release.ts";
import type { LineState } from "../line/state.ts";
import type { LineCore } from "../line/step.ts";
import { asWritten, type Difference, firstDifference } from "./difference.ts";

/** What came of one input; `state` is the core's own, as it is after the input. */
export interface PlayedStep extends RecordedInput {
  run: number;
  state: LineState;
  entries: readonly LineEntry[];
}

export interface PlayedCounts {
  inputs: number;
  looks: number;
  entries: number;
  decisions: number;
}

/** Where in the journal it is being compared. */
interface Place {
  file: string;
  seq: number;
}

export class PlayedRun {
  readonly run: number;
  readonly counts: PlayedCounts = { inputs: 0, looks: 0, entries: 0, decisions: 0 };
  readonly #state: LineState;
  readonly #core: LineCore;
  readonly #answers = new Answers();
  readonly #onStep: (step: PlayedStep) => void;
  /** Said by the core and not found in the journal yet. */
  #said: LineEntry[] = [];
  #last: RecordedInput | null = null;

  constructor(o: { run: number; state: LineState; core: typeof createLine; onStep: (step: PlayedStep) => void }) {
    this.run = o.run;
    this.#state = o.state;
    this.#core = o.core({ state: o.state, releases: this.#answers });
    this.#onStep = o.onStep;
  }

  get hasInputs(): boolean {
    return this.#last !== null;
  }

  /** Entries that the core has said and the journal does not hold: at a run's end, what a crash has cut. */
  get unwritten(): number {
    return this.#said.length;
  }

  checkpointText(): string {
    return JSON.stringify(this.#core.checkpoint());
  }

  input(recorded: RecordedInput, place: Place): Difference | null {
    const early = this.nothingUnwritten(place);
    if (early !== null) return early;
    this.#last = recorded;
    this.counts.inputs += 1;
    this.counts.looks += recorded.looks.length;
    this.#answers.serve(recorded.looks);
    const entries: LineEntry[] = [];
    try {
      for (const output of this.#core.handle(recorded.input, recorded.atNs))
        if (output.kind === "journal") entries.push(output.entry);
    } catch (error) {
      return this.#difference(place, { what: `the core gave up: ${(error as Error).message}` });
    }
    this.#said = entries;
    const misasked = this.#answers.mismatch();
    if (misasked !== null) return this.#difference(place, { what: misasked });
    this.#onStep({ ...recorded, run: this.run, state: this.#state, entries });
    return null;
  }

  entry(written: LineEntry, place: Place): Difference | null {
    const said = this.#said.shift();
    if (said === undefined) {
      return this.#difference(place, { what: "the journal holds an entry that the core does not write", written });
    }
    this.counts.entries += 1;
    if (written.kind === "decision") this.counts.decisions += 1;
    if (JSON.stringify(said) === JSON.stringify(written)) return null;
    const path = firstDifference(asWritten(said), written);
    if (path === null) return null;
    return this.#difference(place, { what: "the core writes another entry", path, written, said });
  }

  /** Where the next input or the next segment begins, every entry before must have been written. */
  nothingUnwritten(place: Place): Difference | null {
    const [said] = this.#said;
    if (said === undefined) return null;
    return this.#difference(place, { what: "the core writes an entry that the journal does not hold", said });
  }

  #difference(place: Place, o: { what: string; path?: string; written?: LineEntry; said?: LineEntry }): Difference {
    const last = this.#last;
    return {
      run: this.run,
      ...place,
      what: o.what,
      path: o.path ?? "",
      journal: o.written ?? null,
      core: o.said === undefined ? null : asWritten(o.said),
      input: last === null ? null : { atNs: last.atNs, input: last.input },
    };
  }
}

/** Answers look-ups with what was recorded, in that order, and notices when other ones are asked for. */
class Answers implements ReleasePort {
  #looks: readonly Look[] = [];
  #next = 0;
  #mismatch: string | null = null;

  serve(looks: readonly Look[]): void {
    this.#looks = looks;
    this.#next = 0;
    this.#mismatch = null;
  }

  look(company: string, waybill: string): Look {
    const recorded = this.#looks[this.#next++];
    if (recorded !== undefined && recorded.company === company && recorded.waybill === waybill) return recorded;
    const instead = recorded === undefined ? "nothing more" : `${recorded.company}/${recorded.waybill}`;
    this.#mismatch ??= `the core asks for ${company}/${waybill}, recorded is ${instead}`;
    const detail = "not recorded";
    return { company, waybill, result: "error", record: null, holds: [], ...NOT_RECORDED, detail };
  }

  mismatch(): string | null {
    if (this.#mismatch !== null) return this.#mismatch;
    const [unasked] = this.#looks.slice(this.#next);
    return unasked === undefined ? null : `the core does not ask for ${unasked.company}/${unasked.waybill} any more`;
  }
}

const NOT_RECORDED = { feedAgeNs: null, carriedJournal: null, carriedEntry: 0 } as const;
