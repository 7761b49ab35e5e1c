// Law 7, written before moved: permits that go out before the disk has them, and last looks that are none.
import type { Mutant } from "../mutant.ts";

export const clause7: readonly Mutant[] = [
  {
    name: "written-is-durable",
    clause: 7,
    does: "an entry counts as durable when the kernel has taken it, before the disk has",
    edits: [
      {
        file: "src/journal/committer.ts",
        from: "        if (open !== null) open.bytes += written;",
        to: `        if (open !== null) open.bytes += written;
        if (group.written >= group.length) o.onDurable(group);`,
      },
    ],
    hunt: "slow-disk",
  },
  {
    name: "nobody-waits-for-the-disk",
    clause: 7,
    does: "a permit goes out whether its entry is durable or not, and the law does not ask",
    edits: [
      {
        file: "src/line/permits.ts",
        from: `if (permit.state === "queued" || permit.id > turn.state.durableEntry || !belt.moving) return;`,
        to: `if (permit.state === "queued" || !belt.moving) return;`,
      },
      {
        file: "src/line/law/clause-7-written.ts",
        from: `q.phase === "lastLook" && !q.entryDurable`,
        to: "!q.entryDurable && !q.beltKnown",
      },
    ],
    hunt: "slow-disk",
  },
  {
    name: "last-look-at-the-decision",
    clause: 7,
    does: "the last look takes what was looked up when the parcel was decided on",
    edits: [
      {
        file: "src/line/last-look.ts",
        from: "const looks = lookUp(turn, item);",
        to: "const looks = item.decision === null ? lookUp(turn, item) : [...item.decision.looks];",
      },
    ],
    hunt: "no-hints",
    isInSlice: true,
  },
  {
    name: "last-look-before-the-bus",
    clause: 7,
    does: "the last look is asked for when the permit is handed to the bus, not when the bus is free for it",
    edits: [
      {
        file: "drivers/buses/scheduler.ts",
        from: "    return this.#queue.addPermit(job);",
        to: "    return this.#queue.addPermit(Object.assign(job, { isLetGo: this.#options.lastLook(job.id) }));",
      },
      {
        file: "drivers/buses/scheduler.ts",
        from: `if (!this.#options.lastLook(job.id)) return { kind: "withheld", job };`,
        to: `if (!(job as PermitJob<P> & { isLetGo: boolean }).isLetGo) return { kind: "withheld", job };`,
      },
    ],
    hunt: "mixed-traffic",
  },
];
