// Reads a frame as what the scanner meant: codes, a no-read, a heartbeat, a reply, or nothing that may become a parcel.
import type { Code, Telegram, TelegramFields } from "../../src/line/telegram.ts";
import { checkBytes, isCheckRight } from "./check-character.ts";
import type { Frame } from "./framer.ts";
import type { ScannerFraming } from "./framing.ts";
import { gs1Elements, isGs1Symbol } from "./gs1.ts";
import { type TakenFields, takeFromBack, takeFromFront } from "./telegram-fields.ts";

/** More codes in one frame than this are no parcel's labels but a fault. */
export const MAX_CODES_PER_TELEGRAM = 16;

/**
 * empty: no code, or an empty one beside a separator; control: a control character inside a code; aimPrefix: a code
 * without the AIM identifier that every code of this scanner has; tooManyCodes: above `MAX_CODES_PER_TELEGRAM`; check: a
 * wrong check character; field: a field of the profile is missing or is no text.
 */
export type MalformedReason = "empty" | "control" | "aimPrefix" | "tooManyCodes" | "check" | "field";

export type Reading =
  | { kind: "telegram"; telegram: Telegram }
  /** The scanner's answer to a command of ours. */
  | { kind: "reply"; isError: boolean; text: string }
  | { kind: "malformed"; reason: MalformedReason };

/**
 * One bad code spoils the whole frame: where one byte was damaged, the others are no better witnesses. A code that the
 * scanner itself does not vouch for (its status) makes the telegram a no-read.
 * Text is one byte a character (ISO 8859-1).
 */
export function readFrame(frame: Frame, framing: ScannerFraming): Reading {
  if (!isCheckRight(frame.bytes, framing)) return { kind: "malformed", reason: "check" };
  const behind = framing.end.length + checkBytes(framing.check);
  const content = frame.bytes.toString("latin1", framing.start.length, frame.bytes.length - behind);
  if (content === framing.heartbeat) return telegram({ kind: "heartbeat", frame });
  const { ok, error } = framing.replies;
  if (ok !== null && content.startsWith(ok)) return { kind: "reply", isError: false, text: content };
  if (error !== null && content.startsWith(error)) return { kind: "reply", isError: true, text: content };
  if (saysNoRead(content, framing)) return telegram({ kind: "noRead", frame });
  const parts = apart(content, { front: framing.fields.head, back: framing.fields.tail });
  if (parts === null) return { kind: "malformed", reason: "field" };
  const fields: TelegramFields = parts.values;
  if (saysNoRead(parts.rest, framing)) return telegram({ kind: "noRead", frame, fields });
  const codes = readCodes(parts.rest, framing);
  if (typeof codes === "string") return { kind: "malformed", reason: codes };
  return telegram({ kind: codes.length === 0 ? "noRead" : "codes", codes, frame, fields });
}

/** The text itself, one of the others, or its last character repeated up to a set length (SICK CLV 410 manual, p. 46). */
function saysNoRead(content: string, { noRead, noReadPadded, noReadAlso }: ScannerFraming): boolean {
  if (content === noRead || noReadAlso.includes(content)) return true;
  if (noRead === null || !noReadPadded || !content.startsWith(noRead)) return false;
  const last = noRead.slice(-1);
  return [...content.slice(noRead.length)].every((character) => character === last);
}

function telegram(o: {
  kind: Telegram["kind"];
  frame: Frame;
  codes?: readonly Code[];
  fields?: TelegramFields;
}): Reading {
  const { kind, frame, codes = [], fields = {} } = o;
  const rawHex = frame.bytes.toString("hex");
  const { firstByteNs, lastByteNs, arrivedAfterNs } = frame;
  const read = { kind, codes, rawHex, firstByteNs, lastByteNs, arrivedAfterNs };
  return { kind: "telegram", telegram: Object.keys(fields).length === 0 ? read : { ...read, fields } };
}

type Fields = Parameters<typeof takeFromFront>[1];

function apart(text: string, { front, back }: { front: Fields; back: Fields }): TakenFields | null {
  if (front.length === 0 && back.length === 0) return { values: {}, rest: text };
  const before = takeFromFront(text, front);
  const after = before === null ? null : takeFromBack(before.rest, back);
  if (before === null || after === null) return null;
  return { values: { ...before.values, ...after.values }, rest: after.rest };
}

/** No code at all: the scanner says of each place that nothing, or nothing to rely on, was read there. */
function readCodes(content: string, framing: ScannerFraming): Code[] | MalformedReason {
  const parts = framing.separator === null ? [content] : content.split(framing.separator);
  if (parts.length > MAX_CODES_PER_TELEGRAM) return "tooManyCodes";
  const codes: Code[] = [];
  let isDistrusted = false;
  for (const part of parts) {
    const code = readPlace(part, framing);
    if (code === "noRead") continue;
    if (code === "distrusted") isDistrusted = true;
    else if (typeof code === "string") return code;
    else codes.push(code);
  }
  return isDistrusted ? [] : codes;
}

function readPlace(part: string, framing: ScannerFraming): Code | "noRead" | "distrusted" | MalformedReason {
  if (saysNoRead(part, framing)) return "noRead";
  const taken = apart(part, { front: framing.fields.beforeCode, back: framing.fields.afterCode });
  if (taken === null) return part === "" ? "empty" : "field";
  const { status, position } = taken.values;
  if (status !== undefined && framing.status.noRead.includes(status)) return "noRead";
  if (status !== undefined && !framing.status.good.includes(status)) return "distrusted";
  if (saysNoRead(taken.rest, framing)) return "noRead";
  const code = readCode(taken.rest, framing.aimPrefix);
  return typeof code === "string" || position === undefined ? code : { ...code, position };
}

function readCode(part: string, aimPrefix: boolean): Code | MalformedReason {
  if (aimPrefix && part !== "" && !AIM_IDENTIFIER.test(part)) return "aimPrefix";
  const symbology = aimPrefix ? part.slice(0, 3) : null;
  const text = withoutOuterGs(part.slice(symbology?.length ?? 0));
  if (text.trim() === "") return "empty";
  if (hasControl(text)) return "control";
  const elements = isGs1Symbol(symbology) ? gs1Elements(text) : null;
  return elements === null ? { text, symbology } : { text, symbology, elements };
}

/** Flag, code character, modifier (ISO/IEC 15424). */
const AIM_IDENTIFIER = /^\][A-Za-z][0-9A-Za-z]/;

/** Group separator: FNC1 as transmitted. At the rim it is no data; inside it separates GS1 elements and stays. */
const GS = "\u001d";

function withoutOuterGs(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && text[from] === GS) from += 1;
  while (from < to && text[to - 1] === GS) to -= 1;
  return text.slice(from, to);
}

/** C0 and DEL, without GS. Bytes 0x80 to 0x9F are no controls here: 2D codes carry UTF-8 and vendors' code pages. */
function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && text[i] !== GS) || code === 0x7f) return true;
  }
  return false;
}
