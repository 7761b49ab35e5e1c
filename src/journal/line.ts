// What one line of a segment file says: an entry of the line core, a segment's header, a slice of a checkpoint, or inputs.
import type { LineEntry } from "../line/entry.ts";
import { openLine } from "./chain.ts";

/** Grows when a reader of the version before would misread a line. 2: there are lines of inputs. */
export const JOURNAL_FORMAT = 2;

/** What every line carries, whatever it says. */
export interface LineMark {
  /** Numbers the lines from 1 without a gap, over segments and restarts. */
  seq: number;
  run: number;
  /** On the first line of each group commit: every line up to this one was on the disk before it was written. */
  durable?: number;
  hash: string;
}

/** First line of each segment. */
export interface SegmentHeader {
  kind: "segment";
  format: number;
  /** The number in the file's name. */
  segment: number;
  /** Hash of the line before, in an earlier segment; 64 zeros at the very start. */
  prev: string;
  codeVersion: string;
  /** Monotonic times of another boot are void. */
  bootId: string;
  /** One instant on both clocks: ns since the run's epoch, and wall time, RFC 3339. */
  atNs: number;
  wallTime: string;
  /** Incomplete last lines that a crash left in the files before this one, newest last. */
  cuts: readonly Cut[];
}

/** Bytes without an LF at the end of a file: they stay where they are and count as never written. */
export interface Cut {
  segment: number;
  afterSeq: number;
  bytes: number;
  sha256: string;
}

/** The text of all parts, joined in order, is the checkpoint's JSON; entries may stand between them. */
export interface CheckpointSlice {
  kind: "checkpoint";
  part: number;
  parts: number;
  /** The first line entry that the checkpoint does not contain. */
  nextEntry: number;
  text: string;
}

/** Inputs of the line core, in order, before the entries that came of them; `src/journal/inputs` reads them. */
export interface RecordedInputs {
  kind: "inputs";
  /**
   * No number of its own: the last entry before it, 0 where there is none. A gateway of format 1 takes the line for an
   * entry of a kind that it does not know, and goes on by this number.
   */
  n: number;
  /** How many; 0 where they are missing. */
  count: number;
  text: string;
  /** Inputs from here to the end of the segment were not written: the disk was full. */
  isMissing?: true;
  /** Names that the text uses by number, from here to the end of the segment; numbered on from those before. */
  names?: readonly string[];
  /** What the text takes one by one. */
  data?: readonly unknown[];
}

export type InputsLine = LineMark & RecordedInputs;
export type HeaderLine = LineMark & SegmentHeader;
export type CheckpointLine = LineMark & CheckpointSlice;
export type EntryLine = LineMark & LineEntry;
export type JournalLine = HeaderLine | CheckpointLine | InputsLine | EntryLine;

export const isHeader = (line: JournalLine): line is HeaderLine => line.kind === "segment";
export const isCheckpoint = (line: JournalLine): line is CheckpointLine => line.kind === "checkpoint";
export const isInputs = (line: JournalLine): line is InputsLine => line.kind === "inputs";
export const isEntry = (line: JournalLine): line is EntryLine =>
  !isHeader(line) && !isCheckpoint(line) && !isInputs(line);

/** @returns null for what is no line of a journal; the chain is not judged here */
export function parseLine(bytes: Buffer): JournalLine | null {
  if (openLine(bytes) === null) return null;
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return isLine(value) ? value : null;
  } catch {
    return null;
  }
}

/** A tampered line is read before its hash is judged: what the reader itself relies on must be there. */
function isLine(value: unknown): value is JournalLine {
  const line = value as Record<
    keyof LineMark | keyof SegmentHeader | keyof CheckpointSlice | keyof RecordedInputs,
    unknown
  > | null;
  if (line === null || !isCount(line.seq) || !isCount(line.run)) return false;
  if (line.kind === "segment") {
    const hasNumbers = isCount(line.format) && isCount(line.segment);
    return hasNumbers && /^[0-9a-f]{64}$/.test(`${line.prev}`) && Array.isArray(line.cuts);
  }
  if (line.kind === "checkpoint") return isCount(line.part) && isCount(line.parts) && isCount(line.nextEntry);
  if (line.kind === "inputs")
    return Number.isSafeInteger(line.count) && typeof line.text === "string" && areLists(line);
  return typeof line.kind === "string";
}

const areLists = ({ names = [], data = [] }: { names?: unknown; data?: unknown }): boolean =>
  Array.isArray(names) && Array.isArray(data);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

/** The entry exactly as the line core wrote it, the journal's own marks taken off. */
export function entryOf(line: EntryLine): LineEntry {
  const { seq: _seq, hash: _hash, durable: _durable, run, ...entry } = line as EntryLine & { run: number };
  return (entry.kind === "run" ? { ...entry, run } : entry) as LineEntry;
}
