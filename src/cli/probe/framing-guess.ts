// Guesses from a few telegrams how they are framed: what opens and closes them, what stands between codes, what a no-read is.
import { checkCharacter } from "../../../drivers/scanners/check-character.ts";
import type { FrameCheck } from "../../../drivers/scanners/framing.ts";
import { scannerProfiles } from "../../../drivers/scanners/profiles/all.ts";
import type { ScannerProfile } from "../../../drivers/scanners/profiles/profile.ts";

/** What came without a pause, as text of one byte a character. */
export interface Burst {
  text: string;
  atMs: number;
}

/** null: nothing that was seen says so. */
export interface FramingGuess {
  start: string;
  /** Empty: the telegrams have no end in common, and nothing else is to be relied on. */
  end: string;
  check: FrameCheck | null;
  separator: string | null;
  noRead: string | null;
  noReadPadded: boolean;
  heartbeat: string | null;
  aimPrefix: boolean;
  /** Contents that hold codes, no-reads and heartbeats left out. */
  codes: readonly string[];
}

export function guessFraming(bursts: readonly Burst[]): FramingGuess {
  const texts = bursts.map(({ text }) => text).filter((text) => text !== "");
  const start = commonPrefix(texts.map(leadingControls));
  const plainEnd = commonEnd(texts);
  const behindEnd = plainEnd === "" ? endBeforeCheck(texts, start) : null;
  const end = behindEnd?.end ?? plainEnd;
  if (end === "") return { ...NOTHING, start };
  const framed = bursts.flatMap(({ text, atMs }) =>
    contentsOf(text, { start, end, isChecked: behindEnd !== null }).map((content) => ({ content, atMs })),
  );
  const inside =
    behindEnd === null
      ? checkInside(
          framed.map(({ content }) => content),
          { start, end },
        )
      : null;
  const check = behindEnd?.check ?? inside;
  const heard = inside === null ? framed : framed.map(({ content, atMs }) => ({ content: content.slice(0, -1), atMs }));
  const { noRead, noReadPadded, heartbeat } = guessWords(heard);
  const isWord = (content: string): boolean =>
    content === heartbeat || (noRead !== null && (content === noRead || isPadded(content, noRead)));
  const codes = heard.map(({ content }) => content).filter((content) => !isWord(content));
  const separator = guessSeparator(codes);
  const parts = codes.flatMap((content) => (separator === null ? [content] : content.split(separator)));
  const aimPrefix = parts.length > 0 && parts.every((part) => /^\][A-Za-z][0-9A-Za-z]/.test(part));
  return { start, end, check, separator, noRead, noReadPadded, heartbeat, aimPrefix, codes };
}

const NOTHING: FramingGuess = {
  start: "",
  end: "",
  check: null,
  separator: null,
  noRead: null,
  noReadPadded: false,
  heartbeat: null,
  aimPrefix: false,
  codes: [],
};

/** The control characters in which all end. */
const commonEnd = (texts: readonly string[]): string =>
  reversed(commonPrefix(texts.map((text) => leadingControls(reversed(text)))));

/** GS is none: it is an FNC1 of the code. */
function leadingControls(text: string): string {
  let length = 0;
  while (length < text.length && text.charCodeAt(length) < 0x20 && text[length] !== "\u001d") length += 1;
  return text.slice(0, length);
}

function commonPrefix(texts: readonly string[]): string {
  const [first = "", ...others] = texts;
  let length = 0;
  while (length < first.length && others.every((text) => text[length] === first[length])) length += 1;
  return first.slice(0, length);
}

const reversed = (text: string): string => [...text].reverse().join("");

/** A check character behind the end: no end in common, but all have one a byte before, and the byte is right. */
function endBeforeCheck(texts: readonly string[], start: string): { end: string; check: FrameCheck } | null {
  const end = commonEnd(texts.map((text) => text.slice(0, -1)));
  if (end === "" || new Set(texts).size < 2) return null;
  const frames = texts.map((text) => ({
    content: text.slice(start.length, text.length - end.length - 1),
    check: text.slice(-1),
  }));
  const check = checkThatHolds(frames, { start, end }, "afterEnd");
  return check === null ? null : { end, check };
}

function checkInside(contents: readonly string[], marks: { start: string; end: string }): FrameCheck | null {
  // Two different ones agree by chance once in 65,536 times, three once in 16 million: a code's own last digit is no check.
  if (new Set(contents).size < 3) return null;
  const frames = contents.map((content) => ({ content: content.slice(0, -1), check: content.slice(-1) }));
  return checkThatHolds(frames, marks, "beforeEnd");
}

function checkThatHolds(
  frames: readonly { content: string; check: string }[],
  { start, end }: { start: string; end: string },
  place: FrameCheck["place"],
): FrameCheck | null {
  for (const kind of ["xor", "lrc"] as const) {
    for (const [coversStart, coversEnd] of [
      [false, true],
      [false, false],
      [true, true],
      [true, false],
    ] as const) {
      const holds = frames.every(({ content, check }) => {
        const covered = (coversStart ? start : "") + content + (coversEnd ? end : "");
        return checkCharacter(kind, Buffer.from(covered, "latin1")) === check.charCodeAt(0);
      });
      if (holds) return { kind, coversStart, coversEnd, place };
    }
  }
  return null;
}

/** Several frames may have come without a pause. */
function contentsOf(text: string, o: { start: string; end: string; isChecked: boolean }): string[] {
  const { start, end, isChecked } = o;
  if (isChecked) return [text.slice(start.length, text.length - end.length - 1)];
  return text
    .split(end)
    .slice(0, -1)
    .map((part) => (part.startsWith(start) ? part.slice(start.length) : part));
}

const KNOWN_NO_READS: readonly string[] = [
  ...new Set(
    Object.values(scannerProfiles as Record<string, ScannerProfile>).flatMap(({ framing }) =>
      framing.noRead === undefined || framing.noRead === null ? [] : [framing.noRead],
    ),
  ),
  "NOREAD",
];

interface Heard {
  content: string;
  atMs: number;
}

/** Contents without a digit are words. The known ones are no-reads, those that come at a steady pace are heartbeats. */
function guessWords(heard: readonly Heard[]): Pick<FramingGuess, "noRead" | "noReadPadded" | "heartbeat"> {
  const known = heard.flatMap(({ content }) => {
    const text = KNOWN_NO_READS.find((each) => content === each || isPadded(content, each));
    return text === undefined ? [] : [{ text, content }];
  });
  const words = [...new Set(heard.map(({ content }) => content))].filter(
    (content) => content !== "" && !/\d/.test(content),
  );
  const [first] = known;
  const others = words.filter((word) => !known.some(({ content }) => content === word));
  const heartbeat = others.find((word) => isSteady(heard.filter(({ content }) => content === word))) ?? null;
  const noRead = first?.text ?? others.find((word) => word !== heartbeat) ?? null;
  return { noRead, noReadPadded: known.some(({ text, content }) => content !== text), heartbeat };
}

/** The last character is repeated. */
function isPadded(content: string, text: string): boolean {
  const rest = content.slice(text.length);
  return content.startsWith(text) && rest !== "" && [...rest].every((character) => character === text.slice(-1));
}

/** At least three times, at distances that differ by less than a fifth. */
function isSteady(heard: readonly Heard[]): boolean {
  const distances = heard.slice(1).map(({ atMs }, index) => atMs - (heard[index]?.atMs ?? 0));
  if (distances.length < 2) return false;
  return Math.max(...distances) - Math.min(...distances) < 0.2 * Math.max(...distances);
}

const SEPARATORS: readonly string[] = [";", ",", "|", "\t", "\r\n", "\u001c", "\u001e", "#", "&", "/", " "];

/** The mark that stands in the most telegrams and leaves a code on each side. */
function guessSeparator(codes: readonly string[]): string | null {
  let best: { separator: string; count: number } | null = null;
  for (const separator of SEPARATORS) {
    const count = codes.filter((content) => {
      const parts = content.split(separator);
      return parts.length > 1 && parts.every((part) => /^(\][A-Za-z][0-9A-Za-z])?[0-9A-Za-z-]{4,}$/.test(part));
    }).length;
    if (count > (best?.count ?? 0)) best = { separator, count };
  }
  return best?.separator ?? null;
}
