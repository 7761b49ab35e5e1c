// A simulated scanner as a process of its own: commands as JSON lines on stdin, answers on stdout, gone with its parent.
import { createInterface } from "node:readline";
import { openPtyScanner, type WireScanner } from "./pty-scanner.ts";
import { openTcpScanner, tcpPlace } from "./tcp-scanner.ts";

/** One line on stdin; exactly one of the verbs. */
export interface ScannerCommand {
  /** Comes back in the answer. */
  id: number;
  /** Bytes to send, in hex. */
  hex?: string;
  /** Bytes to send, one character (U+0000..U+00FF) a byte. */
  text?: string;
  /** So many bytes of line noise, the same sequence in every run. */
  garble?: number;
  /** The tty disappears and the process ends. */
  unplug?: true;
}

/** One line on stdout. `lastByteNs`: monotonic, see WireScanner.send. */
export type ScannerAnswer =
  /** Its address: the pty's name, to which the link leads, or tcp:host:port. */
  | { ready: string }
  /** What a driver has sent to it, in hex. */
  | { heard: string }
  | { id: number; lastByteNs: number }
  /** `id` null: it could not start, or the line was no command. */
  | { id: number | null; error: string };

const usage = "usage: main.ts <link path, or tcp:host:port> <baud, or 0 for no pace>";

function run(args: readonly string[]): void {
  const [linkPath, baudText] = args;
  const baud = Number(baudText);
  if (linkPath === undefined || !Number.isSafeInteger(baud) || baud < 0) {
    process.stderr.write(`${usage}\n`);
    process.exitCode = 2;
    return;
  }
  void speak(linkPath, baud === 0 ? null : baud);
}

async function speak(linkPath: string, baud: number | null): Promise<void> {
  const scanner = await openOrSay(linkPath, baud);
  if (scanner === null) return;
  const noise = noiseSource();
  const leave = () => {
    scanner.unplug();
    process.exit(0);
  };
  process.once("SIGTERM", leave);
  // A parent that dies in the middle of an answer reads no more of it.
  process.stdout.once("error", leave);
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => void answerTo(line, scanner, noise, leave).then(say));
  // The parent holds the other end: when it dies, however hard, this ends too.
  lines.on("close", leave);
  say({ ready: scanner.address });
}

async function openOrSay(linkPath: string, baud: number | null): Promise<WireScanner | null> {
  try {
    const place = tcpPlace(linkPath);
    const heard = (bytes: Buffer): void => say({ heard: bytes.toString("hex") });
    return place === null ? openPtyScanner({ linkPath, baud, heard }) : await openTcpScanner({ ...place, baud, heard });
  } catch (error) {
    say({ id: null, error: String(error) });
    process.exitCode = 1;
    return null;
  }
}

async function answerTo(
  line: string,
  scanner: WireScanner,
  noise: (count: number) => Buffer,
  leave: () => void,
): Promise<ScannerAnswer> {
  let id: number | null = null;
  try {
    const command = JSON.parse(line) as ScannerCommand;
    id = command.id;
    if (command.unplug) leave();
    return { id, lastByteNs: await scanner.send(bytesOf(command, noise)) };
  } catch (error) {
    return { id, error: String(error) };
  }
}

function bytesOf(command: ScannerCommand, noise: (count: number) => Buffer): Buffer {
  if (command.hex !== undefined) return Buffer.from(command.hex, "hex");
  if (command.text !== undefined) return Buffer.from(command.text, "latin1");
  if (command.garble !== undefined) return noise(command.garble);
  throw new Error("a command needs one of hex, text, garble, unplug");
}

/** Printable noise: it can neither open nor close a frame by accident. Constants: Numerical Recipes' quick generator. */
function noiseSource(): (count: number) => Buffer {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 0x21 + ((state >>> 16) % 0x5e);
  };
  return (count) => Buffer.from(Array.from({ length: count }, next));
}

const say = (answer: ScannerAnswer): void => {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
};

run(process.argv.slice(2));
