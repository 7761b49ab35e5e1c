// Commands from the live socket to the line core, and each answer back once the entry behind it is durable.
import type { CommandAnswer } from "../line/command.ts";
import type { LineInput } from "../line/step.ts";
import type { CommandMessage } from "../process/live-message.ts";

export interface CommandDesk {
  /** @param reply called once, in some later turn; not at all when the process ends before */
  take(message: CommandMessage, reply: (answer: CommandAnswer & { durable: boolean }) => void): void;
  /** The core's answer to the command that got this tag. */
  answered(tag: number, answer: CommandAnswer): void;
  /** Entries up to this one are on the disk. */
  durable(upToEntry: number): void;
  /** A disk that does not answer must not leave people without one: after a second they get it, marked as not durable. */
  tick(): void;
}

interface Waiting {
  reply: (answer: CommandAnswer & { durable: boolean }) => void;
  answer: CommandAnswer | null;
  sinceNs: number;
}

/** Answers that wait at once; a further command is not taken, and its gateway says that nobody answered. */
const WAITING_MAX = 64;
const DURABLE_WITHIN_NS = 1_000_000_000;

export function commandDesk(o: {
  feed(input: LineInput): void;
  nowNs(): number;
  /** CLOCK_MONOTONIC at the run's epoch: deadlines come as readings of that clock. */
  epochMonotonicNs: bigint;
}): CommandDesk {
  const waiting = new Map<number, Waiting>();
  let nextTag = 1;
  let durableEntry = 0;

  const settle = (tag: number, durable: boolean): void => {
    const found = waiting.get(tag);
    if (found === undefined || found.answer === null) return;
    waiting.delete(tag);
    found.reply({ ...found.answer, durable });
  };
  return {
    take(message, reply) {
      if (waiting.size >= WAITING_MAX) return;
      const tag = nextTag++;
      waiting.set(tag, { reply, answer: null, sinceNs: o.nowNs() });
      const { untilMonotonicNs, ...request } = message.request;
      const untilNs = Number(BigInt(untilMonotonicNs) - o.epochMonotonicNs);
      o.feed({ kind: "operator", tag, request: { ...request, untilNs } });
    },
    answered(tag, answer) {
      const found = waiting.get(tag);
      if (found === undefined) return;
      found.answer = answer;
      if (answer.entry <= durableEntry) settle(tag, true);
    },
    durable(upToEntry) {
      durableEntry = Math.max(durableEntry, upToEntry);
      if (waiting.size === 0) return;
      for (const [tag, { answer }] of [...waiting]) if ((answer?.entry ?? Infinity) <= durableEntry) settle(tag, true);
    },
    tick() {
      if (waiting.size === 0) return;
      for (const [tag, { sinceNs }] of [...waiting]) if (o.nowNs() - sinceNs > DURABLE_WITHIN_NS) settle(tag, false);
    },
  };
}
