// Tells what happened at a line that does not fit the chain: changed, removed before it, or inserted.
import { fits, openLine } from "./chain.ts";
import { parseLine } from "./line.ts";

export interface Misfit {
  kind: "changed" | "removed" | "inserted";
  what: string;
}

/** Lines looked at after the misfit for one that goes on where the chain was left. */
const LOOK_AHEAD_LINES = 10_000;

/**
 * Each line names the hash it was sealed with, so the line after it witnesses what it was. What somebody sealed anew
 * cannot be told from its neighbour: the text says so.
 * @param o.seq the number that belongs here
 */
export function judgeMisfit(o: {
  line: Buffer;
  following: readonly Buffer[];
  hashBefore: string;
  seq: number;
}): Misfit {
  const resumes = o.following.slice(0, LOOK_AHEAD_LINES).findIndex((bytes) => isFit(bytes, o.hashBefore));
  if (resumes !== -1) {
    const lines = resumes === 0 ? "this line was" : `these ${resumes + 1} lines were`;
    return { kind: "inserted", what: `${lines} not written by the journal: the chain goes on behind` };
  }
  const line = parseLine(o.line);
  if (line === null) return { kind: "changed", what: "this is not a line of a journal any more" };

  const next = o.following[0];
  const witness = next !== undefined && isFit(next, line.hash) ? parseLine(next) : null;
  const doubt = witness === null ? " (no line behind it vouches for its own number)" : "";
  const trueSeq = witness === null ? line.seq : witness.seq - 1;
  if (trueSeq > o.seq && line.seq === trueSeq) {
    const gone = trueSeq - o.seq === 1 ? `the entry ${o.seq} is` : `the entries ${o.seq} to ${trueSeq - 1} are`;
    return { kind: "removed", what: `${gone} missing before this line${doubt}` };
  }
  if (trueSeq < o.seq && line.seq === trueSeq) {
    return {
      kind: "inserted",
      what: `this line, or the one before it, does not belong here: it says seq ${line.seq}${doubt}`,
    };
  }
  const what = "its hash does not fit: it was changed, or the line before it was changed and sealed anew";
  return { kind: "changed", what };
}

function isFit(bytes: Buffer, hashBefore: string): boolean {
  const sealed = openLine(bytes);
  return sealed !== null && fits(sealed, hashBefore);
}
