// Cuts a byte stream into lines with a bound on their length, so that no peer can make the reader grow.

export interface LineSplitter {
  /** The lines completed by this chunk, without their ends; null: a line is longer than allowed, give the peer up. */
  push(chunk: Buffer): string[] | null;
}

/** Lines are UTF-8 and end with LF; @param maxBytes without the LF */
export function lineSplitter(maxBytes: number): LineSplitter {
  let parts: Buffer[] = [];
  let held = 0;
  return {
    push(chunk) {
      const lines: string[] = [];
      let from = 0;
      for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, from)) {
        if (held + at - from > maxBytes) return null;
        parts.push(chunk.subarray(from, at));
        lines.push(Buffer.concat(parts).toString("utf8"));
        parts = [];
        held = 0;
        from = at + 1;
      }
      held += chunk.length - from;
      if (held > maxBytes) return null;
      if (from < chunk.length) parts.push(chunk.subarray(from));
      return lines;
    },
  };
}
