// What a scanner puts on its wire for a reading: the frame that the site's framing describes.
import type { ScannerLinkPlan } from "./plan.ts";

type Framing = ScannerLinkPlan["framing"];

/** Code 128 without a function character, by its AIM identifier (ISO/IEC 15424). */
const CODE_128 = "]C0";

/** @returns null where this scanner says nothing: a no-read without a no-read text */
export function readingBytes(framing: Framing, codes: readonly string[]): Uint8Array | null {
  const { fields, separator, status } = framing;
  if (codes.length === 0) {
    return framing.noRead === null ? null : frame(framing, front(fields.head) + framing.noRead + back(fields.tail));
  }
  const [good = "0"] = status.good;
  const texts = codes.map((code, index) => {
    const place = { status: good, position: String(100 * (index + 1)) };
    const text = framing.aimPrefix ? CODE_128 + code : code;
    return front(fields.beforeCode, place) + text + back(fields.afterCode, place);
  });
  const around = (text: string): string => front(fields.head) + text + back(fields.tail);
  // Without a separator a frame holds one code: each goes in a frame of its own.
  if (separator === null) return Buffer.concat(texts.map((text) => frame(framing, around(text))));
  return frame(framing, around(texts.join(separator)));
}

export const heartbeatBytes = (framing: Framing): Uint8Array => frame(framing, framing.heartbeat ?? "");

type Field = Framing["fields"]["head" | "beforeCode"][number];
type Known = Readonly<Record<string, string>>;

/** Fields before a text: the mark follows the value. */
const front = (fields: readonly Field[], known: Known = {}): string =>
  fields.map((field) => textOf(field, known) + (field.mark ?? "")).join("");

/** Fields behind a text: the mark leads the value. */
const back = (fields: readonly Field[], known: Known = {}): string =>
  fields.map((field) => (field.mark ?? "") + textOf(field, known)).join("");

/** Some digits, as wide as the field is. */
function textOf({ is, chars }: Field, known: Known): string {
  const value = known[is] ?? "7";
  return chars === undefined ? value : value.padStart(chars, "0").slice(-chars);
}

function frame(framing: Framing, content: string): Uint8Array {
  const { start, end, check } = framing;
  const bytes = Buffer.from(start + content + end, "latin1");
  if (check.kind === "none") return bytes;
  const from = check.coversStart ? 0 : start.length;
  const to = check.coversEnd ? bytes.length : bytes.length - end.length;
  let sum = 0;
  for (const byte of bytes.subarray(from, to)) sum = check.kind === "xor" ? sum ^ byte : sum + byte;
  const character = Buffer.of(check.kind === "xor" ? sum : (0x100 - (sum & 0xff)) & 0xff);
  const place = check.place === "afterEnd" ? bytes.length : bytes.length - end.length;
  return Buffer.concat([bytes.subarray(0, place), character, bytes.subarray(place)]);
}
