// Two ptys whose far sides are joined: what a program writes into one end comes out of the other.
import { writeSync } from "node:fs";
import { openPseudoTerminal } from "../../../simulators/wired/pseudo-terminal.ts";

export interface PtyPair {
  ends: readonly [string, string];
  close(): void;
}

export function openPtyPair(): PtyPair {
  const [a, b] = [openPseudoTerminal(), openPseudoTerminal()];
  a.master.on("data", (bytes: Buffer) => writeSync(b.fd, bytes));
  b.master.on("data", (bytes: Buffer) => writeSync(a.fd, bytes));
  return {
    ends: [a.path, b.path],
    close() {
      a.hangUp();
      b.hangUp();
    },
  };
}
