// Two ptys whose far sides are joined: what a program writes into one end comes out of the other.
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import * as pty from "@lydell/node-pty";

interface Terminal {
  fd: number;
  ptsName: string;
  master: NodeJS.ReadStream;
  slave: NodeJS.ReadStream;
}

export interface PtyPair {
  ends: readonly [string, string];
  close(): void;
}

export function openPtyPair(): PtyPair {
  const { open } = pty as unknown as { open(options: { encoding: null }): Terminal };
  const terminals = [open({ encoding: null }), open({ encoding: null })] as const;
  const holds = terminals.map(({ slave, ptsName, master }) => {
    // node-pty's own stream on the slave side would take the bytes that are meant for the program.
    slave.destroy();
    master.on("error", () => {});
    const fd = openSync(ptsName, constants.O_RDWR | constants.O_NOCTTY);
    execFileSync("stty", ["-F", ptsName, "raw", "-echo"]);
    return fd;
  });
  const [a, b] = terminals;
  a.master.on("data", (bytes: Buffer) => writeSync(b.fd, bytes));
  b.master.on("data", (bytes: Buffer) => writeSync(a.fd, bytes));
  return {
    ends: [a.ptsName, b.ptsName],
    close() {
      for (const { master } of terminals) master.destroy();
      for (const fd of holds) closeSync(fd);
    },
  };
}
