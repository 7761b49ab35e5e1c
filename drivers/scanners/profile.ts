// Reads a frame as what the scanner meant: codes, a no-read, a heartbeat, or nothing that may become a parcel.
import type { Code, Telegram } from "../../src/line/telegram.ts";
import type { Frame } from "./framer.ts";
import type { ScannerFraming } from "./schema.ts";

/** More codes in one frame than this are no parcel's labels but a fault. */
export const MAX_CODES_PER_TELEGRAM = 16;

/**
 * empty: no code, or an empty one beside a separator; control: a control character inside a code; aimPrefix: a code
 * without the AIM identifier that every code of this scanner has; tooManyCodes: above `MAX_CODES_PER_TELEGRAM`.
 */
export type MalformedReason = "empty" | "control" | "aimPrefix" | "tooManyCodes";

export type Reading = { kind: "telegram"; telegram: Telegram } | { kind: "malformed"; reason: MalformedReason };

/**
 * One bad code spoils the whole frame: where one byte was damaged, the others are no better witnesses.
 * Text is one byte a character (ISO 8859-1).
 */
export function readFrame(frame: Frame, framing: ScannerFraming): Reading {
  const content = frame.bytes.toString("latin1", framing.start.length, frame.bytes.length - framing.end.length);
  if (content === framing.heartbeat) return telegram("heartbeat", [], frame);
  if (content === framing.noRead) return telegram("noRead", [], frame);
  const codes = readCodes(content, framing);
  return typeof codes === "string" ? { kind: "malformed", reason: codes } : telegram("codes", codes, frame);
}

function telegram(kind: Telegram["kind"], codes: readonly Code[], frame: Frame): Reading {
  const rawHex = frame.bytes.toString("hex");
  const { firstByteNs, lastByteNs, arrivedAfterNs } = frame;
  return { kind: "telegram", telegram: { kind, codes, rawHex, firstByteNs, lastByteNs, arrivedAfterNs } };
}

function readCodes(content: string, framing: ScannerFraming): Code[] | MalformedReason {
  const parts = framing.separator === null ? [content] : content.split(framing.separator);
  if (parts.length > MAX_CODES_PER_TELEGRAM) return "tooManyCodes";
  const codes: Code[] = [];
  for (const part of parts) {
    const code = readCode(part, framing.aimPrefix);
    if (typeof code === "string") return code;
    codes.push(code);
  }
  return codes;
}

function readCode(part: string, aimPrefix: boolean): Code | MalformedReason {
  if (aimPrefix && part !== "" && !AIM_IDENTIFIER.test(part)) return "aimPrefix";
  const symbology = aimPrefix ? part.slice(0, 3) : null;
  const text = withoutOuterGs(part.slice(symbology?.length ?? 0));
  if (text.trim() === "") return "empty";
  if (hasControl(text)) return "control";
  return { text, symbology };
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
