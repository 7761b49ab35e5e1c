// Plays a journal again: its inputs go to the core of today, and every entry must come out as it was written.
import type { JournalFolder } from "../journal/disk.ts";
import { type InputDecoder, inputDecoder } from "../journal/inputs/decoder.ts";
import {
  entryOf,
  type InputsLine,
  isCheckpoint,
  isEntry,
  isHeader,
  isInputs,
  type JournalLine,
} from "../journal/line.ts";
import { readSegment, type Segment, segmentFiles } from "../journal/segment.ts";
import { wholeCheckpoint } from "../journal/tail.ts";
import { createLine } from "../line/core.ts";
import type { LineEntry } from "../line/entry.ts";
import { restore } from "../line/restore.ts";
import type { LineState } from "../line/state.ts";
import type { LineCheckpoint } from "../line/step.ts";
import { type Difference, firstDifference } from "./difference.ts";
import { type PlayedCounts, PlayedRun, type PlayedStep } from "./played-run.ts";

export interface ReplayOptions {
  folder: JournalFolder;
  /** Runs before this one are passed over; null: none. */
  fromRun: number | null;
  /** The product's own, unless told otherwise. */
  core?: typeof createLine;
  onStep?: (step: PlayedStep) => void;
}

export interface Replayed extends PlayedCounts {
  /** Runs of which something was compared. */
  runs: number;
  passedOver: { run: number; why: string }[];
  /** Checkpoints that the core would write now: the same as in the journal, or where the first one differs. */
  checkpoints: { compared: number; different: number; first: string | null };
  /** Entries that came of recorded inputs and are not there: cut by a crash at the end of a run. */
  cut: number;
  /** The first; what comes after it was not compared. */
  difference: Difference | null;
}

const NO_INPUTS =
  "it holds no inputs: it was written before they were recorded, or with storage.recordInputs switched off";
const MISSING =
  "from some input on none was written, since the disk was full; it is played on from the next whole checkpoint";
const NO_STATE = "it began in a segment that is not here any more, and this one holds no whole checkpoint";

/** Reads one segment at a time, each line checked against the chain. @throws JournalDamaged, or an Error in words */
export function replayJournal(o: ReplayOptions): Replayed {
  const walk = new Walk(o);
  let number: number | null = null;
  for (const file of segmentFiles(o.folder)) {
    if (number !== null && file.number !== number + 1) walk.gap();
    number = file.number;
    walk.segment(readSegment(o.folder, file));
    if (walk.replayed.difference !== null) break;
  }
  walk.endRun();
  return walk.replayed;
}

class Walk {
  readonly replayed: Replayed = {
    ...{ runs: 0, inputs: 0, looks: 0, entries: 0, decisions: 0, cut: 0 },
    passedOver: [],
    checkpoints: { compared: 0, different: 0, first: null },
    difference: null,
  };
  readonly #o: ReplayOptions;
  readonly #decoder: InputDecoder = inputDecoder();
  readonly #played = new Set<number>();
  #run: number | null = null;
  #playing: PlayedRun | null = null;
  /** The run's state is not known yet: the next whole checkpoint tells it. */
  #isStateless = false;
  /** As a start would find it: the newest whole checkpoint and the entries since; null: that lies in what is missing. */
  #tail: { checkpoint: LineCheckpoint | null; entries: LineEntry[] } | null = null;

  constructor(o: ReplayOptions) {
    this.#o = o;
  }

  /** A segment is missing: what it held is not known. */
  gap(): void {
    this.endRun();
    this.#run = null;
    this.#tail = null;
  }

  segment(segment: Segment): void {
    if (segment.number === 1) this.#tail = { checkpoint: null, entries: [] };
    // A crash left it without its header: it holds nothing.
    if (segment.header === null) return;
    this.#decoder.beginSegment();
    const checkpoint = wholeCheckpoint(segment);
    if (segment.header.run === this.#run) this.#goOn(segment, checkpoint);
    else this.#begin(segment, checkpoint);
    if (checkpoint !== null) this.#tail = { checkpoint, entries: [] };
    for (const line of segment.lines) {
      this.#line(line, segment.name);
      if (this.replayed.difference !== null) return;
    }
  }

  endRun(): void {
    const playing = this.#playing;
    this.#playing = null;
    if (playing === null || !playing.hasInputs) return;
    const { counts } = playing;
    this.#played.add(playing.run);
    this.replayed.runs = this.#played.size;
    this.replayed.inputs += counts.inputs;
    this.replayed.looks += counts.looks;
    this.replayed.entries += counts.entries;
    this.replayed.decisions += counts.decisions;
    if (this.replayed.difference === null) this.replayed.cut += playing.unwritten;
  }

  /** A start: as the controller did, from its newest whole checkpoint and what followed it. */
  #begin(segment: Segment, checkpoint: LineCheckpoint | null): void {
    this.endRun();
    const { run } = segment.header ?? { run: 0 };
    this.#run = run;
    this.#isStateless = false;
    if (this.#o.fromRun !== null && run < this.#o.fromRun) return;
    const restored = this.#tail === null ? null : restore(this.#tail.checkpoint, this.#tail.entries);
    const state = checkpoint === null ? restored : restore(checkpoint, []);
    if (state === null) {
      this.#isStateless = true;
      this.replayed.passedOver.push({ run, why: NO_STATE });
      return;
    }
    this.#play(run, state);
    // The restart itself is part of what is played: it must find the state that it found then.
    if (checkpoint === null || restored === null || this.#playing === null) return;
    const own = new PlayedRun({ run, state: restored, core: this.#core, onStep: () => {} });
    this.#compareCheckpoint(own, checkpoint, segment.name);
  }

  /** A full segment was followed by the next one. */
  #goOn(segment: Segment, checkpoint: LineCheckpoint | null): void {
    const { run, seq } = segment.header ?? { run: 0, seq: 0 };
    if (checkpoint === null) return;
    if (this.#isStateless) this.#play(run, restore(checkpoint, []));
    if (this.#playing === null || this.#isStateless) {
      this.#isStateless = false;
      return;
    }
    this.replayed.difference = this.#playing.nothingUnwritten({ file: segment.name, seq });
    if (this.replayed.difference === null && this.#playing.run === run)
      this.#compareCheckpoint(this.#playing, checkpoint, segment.name);
  }

  get #core(): typeof createLine {
    return this.#o.core ?? createLine;
  }

  #play(run: number, state: LineState): void {
    this.#playing = new PlayedRun({ run, state, core: this.#core, onStep: this.#o.onStep ?? (() => {}) });
  }

  #compareCheckpoint(own: PlayedRun, checkpoint: LineCheckpoint, file: string): void {
    const { checkpoints } = this.replayed;
    checkpoints.compared += 1;
    const text = own.checkpointText();
    if (text === JSON.stringify(checkpoint)) return;
    const path = firstDifference(JSON.parse(text), checkpoint);
    checkpoints.different += 1;
    checkpoints.first ??= `${file}: ${path ?? "the order of its members"}`;
  }

  #line(line: JournalLine, file: string): void {
    if (isHeader(line) || isCheckpoint(line)) return;
    const playing = this.#playing;
    if (isInputs(line)) {
      if (playing === null) return;
      if (line.isMissing === true) this.#stopHere(playing);
      else this.#inputs(playing, line, file);
      return;
    }
    if (!isEntry(line)) return;
    const entry = entryOf(line);
    this.#tail?.entries.push(entry);
    if (playing === null) return;
    if (!playing.hasInputs) {
      this.replayed.passedOver.push({ run: playing.run, why: NO_INPUTS });
      this.#playing = null;
      return;
    }
    this.replayed.difference = playing.entry(entry, { file, seq: line.seq });
  }

  #stopHere(playing: PlayedRun): void {
    this.endRun();
    this.replayed.passedOver.push({ run: playing.run, why: MISSING });
    this.#isStateless = true;
  }

  #inputs(playing: PlayedRun, line: InputsLine, file: string): void {
    for (const recorded of this.#decode(line, file)) {
      this.replayed.difference = playing.input(recorded, { file, seq: line.seq });
      if (this.replayed.difference !== null) return;
    }
  }

  #decode(line: InputsLine, file: string): ReturnType<InputDecoder["line"]> {
    try {
      return this.#decoder.line(line);
    } catch (error) {
      const what = `${file} seq ${line.seq}: these inputs cannot be read: ${(error as Error).message}`;
      throw new Error(`${what}. A newer Coline may have written them`, { cause: error });
    }
  }
}
