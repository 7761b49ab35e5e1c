// Decides what becomes of a command line: help is printed, what is asked is run, anything else is told with the usage.
import { exitCode } from "../process/exit-code.ts";

/**
 * @param o.read what the arguments ask for. Throws an Error for what cannot be asked (so does parseArgs of node:util): its
 * message is told. It never sees --help or -h.
 * @returns the exit code: 0 for help, 2 for a command used wrongly, else that of `o.run`
 */
export async function runAsked<T>(
  args: readonly string[],
  o: {
    /** As it is typed after `coline`. */
    name: string;
    usage: string;
    read: (args: string[]) => T;
    run: (asked: T) => number | Promise<number>;
  },
): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(o.usage);
    return exitCode.done;
  }
  let asked: T;
  try {
    asked = o.read([...args]);
  } catch (error) {
    process.stderr.write(`coline ${o.name}: ${(error as Error).message}\n\n${o.usage}`);
    return exitCode.usedWrongly;
  }
  return o.run(asked);
}

/** The one argument of a command that takes a site and nothing else. @throws Error when it is not that */
export function onlySite(args: readonly string[]): string {
  const [site, ...more] = args;
  if (site === undefined || more.length > 0 || site.startsWith("-")) throw new Error("give one SITE and nothing else");
  return site;
}

/** @throws Error when the text of this option is no whole number from 1 */
export function wholeNumber(option: string, text: string, most = 999_999_999): number {
  const value = /^[1-9][0-9]*$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most) throw new Error(`${option} takes a whole number from 1 to ${most}, not "${text}"`);
  return value;
}
