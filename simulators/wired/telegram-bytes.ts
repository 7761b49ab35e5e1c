// What a scanner puts on its wire for a reading: the frame that the site's framing describes.
import type { ScannerLinkPlan } from "./plan.ts";

type Framing = ScannerLinkPlan["framing"];

/** Code 128 without a function character, by its AIM identifier (ISO/IEC 15424). */
const CODE_128 = "]C0";

/** @returns null where this scanner says nothing: a no-read without a no-read text */
export function readingBytes(framing: Framing, codes: readonly string[]): Uint8Array | null {
  if (codes.length === 0) return framing.noRead === null ? null : frame(framing, framing.noRead);
  const texts = codes.map((code) => (framing.aimPrefix ? CODE_128 + code : code));
  // Without a separator a frame holds one code: each goes in a frame of its own.
  if (framing.separator === null) return Buffer.concat(texts.map((text) => frame(framing, text)));
  return frame(framing, texts.join(framing.separator));
}

export const heartbeatBytes = (framing: Framing): Uint8Array => frame(framing, framing.heartbeat ?? "");

const frame = ({ start, end }: Framing, content: string): Uint8Array => Buffer.from(start + content + end, "latin1");
