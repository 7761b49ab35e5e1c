// `coline probe scanner PATH`: shows what a scanner sends, guesses speed and framing, and prints the entry for line.yaml.
import { parseArgs } from "node:util";
import { type OpenSerialPort, openSerialPort } from "../../../drivers/serial/serial-port.ts";
import { exitCode } from "../../process/exit-code.ts";
import { byteLine } from "./byte-line.ts";
import { profileYaml } from "./profile-yaml.ts";
import { ProbeSession } from "./session.ts";

export const scannerUsage = `usage: coline probe scanner PATH [--baud N] [--scans N] [--seconds N] [--id NAME]

  PATH       serial port of the scanner, best one under /dev/serial/by-id
  --baud     listen at this speed only; left out: the usual ones are tried, one after the other
  --scans    telegrams to wait for; left out: 6
  --seconds  give up waiting after so long; left out: 120
  --id       name of the scanner in the entry that is printed; left out: scan1

Scan two or three different labels, one with several codes if the scanner reads such, and let it read nothing once.
Ctrl-C ends the listening and prints what is known. The controller must not have the port open.
exit code: 0 an entry was printed, 1 nothing was understood, 2 used wrongly
`;

interface Asked {
  path: string;
  id: string;
  baud: number | null;
  scans: number;
  seconds: number;
}

export async function probeScanner(args: string[]): Promise<number> {
  const asked = parse(args);
  if (typeof asked === "string") {
    process.stderr.write(asked);
    return exitCode.usedWrongly;
  }
  if (asked === null) {
    process.stdout.write(scannerUsage);
    return exitCode.done;
  }
  const session = new ProbeSession(asked);
  await listen(asked, session);
  if (session.telegrams === 0) {
    process.stderr.write("coline probe: nothing readable came; check plug and power, or give the speed by --baud\n");
    return exitCode.failed;
  }
  const { yaml, open } = profileYaml({ ...asked, line: session.line, guess: session.guess() });
  process.stdout.write(`\nUnder "scanners:" in line.yaml:\n\n${yaml}\n${open.map((text) => `  ! ${text}\n`).join("")}`);
  return exitCode.done;
}

/** Bytes with a shorter pause between them are one telegram; at 2400 baud a character takes 4 ms. */
const PAUSE_MS = 60;

/** Settles when the session has enough, the time is over, or somebody says stop. @throws when the port cannot be opened */
async function listen(asked: Asked, session: ProbeSession): Promise<void> {
  let end: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const over = new Promise<void>((resolve, refuse) => {
    end = resolve;
    reject = refuse;
  });
  let port: OpenSerialPort | null = null;
  let burst: Buffer[] = [];
  let quiet: NodeJS.Timeout | undefined;
  const began = performance.now();

  const open = async (): Promise<void> => {
    await port?.close();
    const { line } = session;
    port = await openSerialPort({ path: asked.path, ...line });
    process.stdout.write(`listening at ${line.baud} baud, ${line.dataBits} data bits, parity ${line.parity}: scan\n`);
    port.listen({
      bytes(bytes) {
        burst.push(Buffer.from(bytes));
        clearTimeout(quiet);
        quiet = setTimeout(ended, PAUSE_MS);
      },
      ended: (reason) => reject(new Error(`${asked.path} is gone: ${reason}`)),
    });
  };
  const ended = (): void => {
    const bytes = Buffer.concat(burst);
    burst = [];
    const atMs = performance.now() - began;
    process.stdout.write(`${(atMs / 1000).toFixed(2).padStart(7)} s  ${byteLine(bytes)}\n`);
    const step = session.heard(bytes, atMs);
    if (step.kind === "enough") end();
    else if (step.kind === "reopen") open().catch(reject);
    else if (step.heard === "noise") process.stdout.write("           not readable at this speed\n");
  };

  const giveUp = setTimeout(end, asked.seconds * 1000);
  process.once("SIGINT", end);
  try {
    await open();
    await over;
  } finally {
    clearTimeout(giveUp);
    clearTimeout(quiet);
    process.removeListener("SIGINT", end);
    await (port as OpenSerialPort | null)?.close();
  }
}

/** @returns null when help was asked for, and what to say when the command was used wrongly */
function parse(args: string[]): Asked | string | null {
  const text = { type: "string" } as const;
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...{ baud: text, scans: text, seconds: text, id: text },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return null;
    const [what, path, ...rest] = positionals;
    if (what !== "scanner" || path === undefined || rest.length > 0) return scannerUsage;
    return {
      path,
      id: values.id ?? "scan1",
      baud: count("--baud", values.baud),
      scans: count("--scans", values.scans) ?? 6,
      seconds: count("--seconds", values.seconds) ?? 120,
    };
  } catch (error) {
    return `coline probe: ${(error as Error).message}\n${scannerUsage}`;
  }
}

function count(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9][0-9]{0,7}$/.test(text)) throw new Error(`${option} takes a whole number from 1, not "${text}"`);
  return Number(text);
}
