// Plays a recorded plant to several line cores at once, oddities and all, and answers them as bus, disk and customs would.
import { isDeepStrictEqual } from "node:util";
import type { Look, ReleasePort, ReleaseRecord } from "../../src/line/release.ts";
import type { BeltStamp, LineCore, LineInput, LineOutput } from "../../src/line/step.ts";
import type { Oddity, PlantRecording } from "./odd-plant.ts";

const MS = 1_000_000;

export interface Played {
  inputs: number;
  /** Of each kind, how many the first core said. */
  said: Readonly<Record<string, number>>;
}

/**
 * @param o.cores made once each, all from the same beginning; one look-up answers them all
 * @throws at the first input to which they do not say the same, or after which they do not know the same
 */
export function playOddly(o: {
  plant: PlantRecording;
  oddities: readonly Oddity[];
  cores: (releases: ReleasePort) => readonly LineCore[];
}): Played {
  const customs = oddCustoms(o.plant.looks);
  const cores = o.cores(customs);
  const said: Record<string, number> = {};
  const waiting: { atNs: number; make: () => LineInput | null }[] = [];
  const dropped = new Set<number>();
  let outcome: Extract<Oddity["what"], { kind: "answers" }>["outcome"] = "done";
  let isDiskStalled = false;
  let wakeNs = Number.POSITIVE_INFINITY;
  let written = 0;
  let durable = 0;
  let nowNs = 0;
  let inputs = 0;
  let lostInputs = 0;
  let hiddenEdges = 0;
  let standing = 0;
  let shift = 0;
  let lastCount = 0;

  const later = (atNs: number, make: () => LineInput | null): void => {
    waiting.push({ atNs: Math.max(atNs, nowNs + 1), make });
  };
  function feed(input: LineInput): void {
    inputs += 1;
    const [first, ...others] = cores.map((core) => core.handle(input, nowNs));
    for (const other of others) {
      if (isDeepStrictEqual(first, other)) continue;
      throw new Error(
        `at ${nowNs}, input ${inputs}: ${JSON.stringify(input)}\n${JSON.stringify(first)}\n${JSON.stringify(other)}`,
      );
    }
    for (const output of first ?? []) execute(output);
  }
  function execute(output: LineOutput): void {
    const name = output.kind === "journal" ? output.entry.kind : output.kind;
    said[name] = (said[name] ?? 0) + 1;
    if (output.kind === "journal") written = output.entry.n;
    else if (output.kind === "wakeAt") wakeNs = output.atNs;
    else if (output.kind === "cancel") dropped.add(output.id);
    else if (output.kind === "permit")
      later(output.fromNs, () => (dropped.has(output.id) ? null : { kind: "lastLook", id: output.id }));
    else if (output.kind === "go") {
      const answer = outcome;
      if (answer !== "none") later(nowNs + 6 * MS, () => ({ kind: "command", id: output.id, outcome: answer }));
    } else if (output.kind === "withdraw") {
      const answer = outcome === "inDoubt" ? ("inDoubt" as const) : ("done" as const);
      later(nowNs + 8 * MS, () => ({ kind: "withdrawal", id: output.id, outcome: answer }));
    }
  }
  function answersUpTo(untilNs: number): void {
    for (;;) {
      waiting.sort((a, b) => a.atNs - b.atNs);
      const next = waiting[0];
      const dueNs = Math.min(next?.atNs ?? Number.POSITIVE_INFINITY, wakeNs);
      if (dueNs > untilNs) break;
      nowNs = Math.max(nowNs, dueNs);
      if (wakeNs <= dueNs) {
        wakeNs = Number.POSITIVE_INFINITY;
        feed({ kind: "wake" });
        continue;
      }
      waiting.shift();
      const input = next?.make() ?? null;
      if (input !== null) feed(input);
    }
  }
  function odd({ what }: Oddity): void {
    switch (what.kind) {
      case "input":
        return feed(timed(what.input));
      case "edge": {
        const upTo = { atNs: nowNs, count: lastCount + what.offCounts };
        return feed({
          kind: "eye",
          eyeId: what.eyeId,
          edge: what.edge,
          after: { atNs: nowNs - 5 * MS, count: upTo.count - 10 },
          upTo,
        });
      }
      case "lose":
        lostInputs = what.inputs;
        return;
      case "hide":
        hiddenEdges = what.edges;
        return;
      case "repeat":
        return;
      case "jump":
        shift += what.counts;
        return;
      case "stand":
        standing = what.inputs;
        return;
      case "customs": {
        const hint = customs.turn(what.word);
        if (hint !== null) feed({ kind: "releaseHint", waybills: [hint] });
        return;
      }
      case "silence":
        customs.silence(what.isSilent);
        return;
      case "answers":
        outcome = what.outcome;
        return;
      case "disk":
        isDiskStalled = what.isStalled;
        return;
      default:
        what satisfies never;
    }
  }
  const timed = (input: LineInput): LineInput =>
    input.kind === "telegram"
      ? {
          ...input,
          telegram: {
            ...input.telegram,
            ...{ firstByteNs: nowNs, lastByteNs: nowNs, arrivedAfterNs: nowNs - 10 * MS },
          },
        }
      : input;
  const counted = (stamp: BeltStamp): BeltStamp =>
    stamp.count === null ? stamp : { ...stamp, count: (((stamp.count + shift) % 2 ** 32) + 2 ** 32) % 2 ** 32 };
  function moved(input: LineInput): LineInput {
    if (input.kind === "belt" && input.stamp.count !== null) {
      // A belt that stands: its counter stays, and goes on from there.
      if (standing > 0) shift = lastCount - input.stamp.count;
      const stamp = counted(input.stamp);
      lastCount = stamp.count ?? lastCount;
      return { ...input, stamp };
    }
    return input.kind === "eye" ? { ...input, after: counted(input.after), upTo: counted(input.upTo) } : input;
  }

  const sorted = [...o.oddities].sort((a, b) => a.at - b.at);
  for (const [index, { atNs, input }] of o.plant.inputs.entries()) {
    answersUpTo(atNs);
    nowNs = Math.max(nowNs, atNs);
    if (!isDiskStalled && written > durable) {
      durable = written;
      const upToEntry = written;
      later(nowNs + MS, () => ({ kind: "durable", upToEntry }));
    }
    let isRepeated = false;
    for (
      let next = sorted[0];
      next !== undefined && next.at <= index / o.plant.inputs.length && index > 0;
      next = sorted[0]
    ) {
      sorted.shift();
      isRepeated ||= next.what.kind === "repeat";
      odd(next);
    }
    if (standing > 0) standing -= 1;
    if (lostInputs > 0 && input.kind !== "run") {
      lostInputs -= 1;
      continue;
    }
    if (hiddenEdges > 0 && input.kind === "eye") {
      hiddenEdges -= 1;
      continue;
    }
    const now = moved(input);
    feed(now);
    if (isRepeated && input.kind !== "run") feed(now);
  }
  const [first, ...others] = cores.map((core) => core.checkpoint());
  for (const other of others)
    if (!isDeepStrictEqual(first, other)) throw new Error("the cores do not know the same at the end");
  return { inputs, said };
}

interface OddCustoms extends ReleasePort {
  /** Customs changes its word on one of the parcels asked for so far; null: nobody has asked yet. */
  turn(word: number): { company: string; waybill: string } | null;
  silence(isSilent: boolean): void;
}

const STREAMS = ["express", "cbec"] as const;
const DIRECTIONS = ["import", "export"] as const;
const STATUSES = ["released", "released", "released", "inspect", "hold", "return", "pending"] as const;

/** As in the recording, until it is told to say something else; one and the same for all that ask. */
function oddCustoms(recorded: ReadonlyMap<string, Look>): OddCustoms {
  const looks = new Map<string, Look>();
  let isSilent = false;
  return {
    look(company, waybill) {
      const key = `${company}/${waybill}`;
      const look = looks.get(key) ?? recorded.get(key) ?? drawnLook(company, waybill, key.length);
      looks.set(key, look);
      return { ...look, feedAgeNs: isSilent ? 1e15 : 0 };
    },
    turn(word) {
      const keys = [...looks.keys()];
      // One of the last that were asked for: it still rides.
      const key = keys[Math.max(0, keys.length - 1 - (word % 8))];
      if (key === undefined) return null;
      const [company = "", waybill = ""] = key.split("/");
      looks.set(key, drawnLook(company, waybill, word));
      return { company, waybill };
    },
    silence(silent) {
      isSilent = silent;
    },
  };
}

function drawnLook(company: string, waybill: string, word: number): Look {
  const pick = <T>(from: readonly T[], number: number): T => from[number % from.length] as T;
  const isMiss = word % 11 === 5;
  const record: ReleaseRecord = {
    ...{ company, waybill, validFromMs: 0, validToMs: 4e12, pieces: 1 + (word % 2), spent: 0, version: word },
    ...{ stream: pick(STREAMS, word), direction: pick(DIRECTIONS, word >> 1), status: pick(STATUSES, word >> 2) },
    ...{ authority: "customs", reference: waybill, eventAtMs: 0 },
  };
  return {
    ...{ company, waybill, result: isMiss ? "miss" : "record", record: isMiss ? null : record, feedAgeNs: 0 },
    holds: word % 19 === 3 ? [{ authority: "customs", kind: "detain", reference: "H", placedAtMs: 0 }] : [],
    ...{ carriedJournal: null, carriedEntry: 0 },
  };
}
