// `coline faults [CODE]`: what a code means, what the controller does, and what a person should do.
import { faultInWords, faultPage } from "../../faults/page.ts";
import { faults } from "../../faults/table.ts";
import { exitCode } from "../../process/exit-code.ts";

export const summary = "say what a code means and what to do about it";

const usage = `usage: coline faults [CODE]

With a code: what it means, what the controller does, what a person should do. Without: all of them, as Markdown.
`;

export async function run(args: string[]): Promise<number> {
  const [asked, ...more] = args;
  if (asked === "--help" || asked === "-h") {
    process.stdout.write(usage);
    return exitCode.done;
  }
  if (asked === undefined) {
    process.stdout.write(faultPage());
    return exitCode.done;
  }
  // Logs and journals write some codes with what they are about behind a colon.
  const code = (asked.split(":")[0] ?? "").toUpperCase();
  const words = more.length === 0 && !asked.startsWith("-") ? faultInWords(code) : null;
  if (words === null) {
    const near = Object.keys(faults).filter((known) => code.length > 3 && known.includes(code));
    const hint = near.length > 0 ? `Codes with this in them: ${near.join(", ")}.\n` : usage;
    process.stderr.write(`coline faults: there is no code "${args.join(" ")}". ${hint}`);
    return exitCode.usedWrongly;
  }
  process.stdout.write(words);
  return exitCode.done;
}
