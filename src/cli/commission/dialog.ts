// Speaks with the person who commissions a line: says what to do, and reads the answer, from a terminal or a file.
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";

export interface Dialog {
  say(text: string): void;
  /** @returns one of the answers, "quit" at the input's end; anything else is asked again */
  ask<T extends string>(question: string, answers: readonly T[]): Promise<T | "quit">;
  /** @returns what was written, null at the input's end */
  line(question: string): Promise<string | null>;
  close(): void;
}

export function dialog(input: Readable, output: Writable): Dialog {
  // Not before somebody is asked: a command that asks nothing waits for no input.
  let reader: Interface | null = null;
  let lines: AsyncIterator<string> | null = null;
  const say = (text: string): void => void output.write(text);
  const line = async (question: string): Promise<string | null> => {
    say(question);
    reader ??= createInterface({ input });
    lines ??= reader[Symbol.asyncIterator]();
    const next = await lines.next();
    return next.done === true ? null : next.value.trim();
  };
  return {
    say,
    line,
    async ask(question, answers) {
      for (;;) {
        const said = await line(`${question} (${answers.join(", ")}) `);
        if (said === null) return "quit";
        // The first letters of a word are enough, where they mean one.
        const meant = answers.filter((answer) => said !== "" && answer.startsWith(said.toLowerCase()));
        const [only] = meant;
        if (only !== undefined && meant.length === 1) return only;
      }
    },
    close: () => reader?.close(),
  };
}
