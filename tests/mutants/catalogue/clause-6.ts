// Law 6, late is never: windows that end too late, and doubt that is taken for an answer.
import type { Mutant } from "../mutant.ts";

export const clause6: readonly Mutant[] = [
  {
    name: "window-forgets-the-travel",
    clause: 6,
    does: "the window ends when the parcel is at the gate, as if the gate took no time to come out",
    edits: [
      {
        file: "src/line/fire-window.ts",
        from: "const untilUm = atGateUm - travelUm(gate.travelNs) - error - blurUm;",
        to: "const untilUm = atGateUm + travelUm(gate.travelNs);",
      },
    ],
    hunt: "mixed-traffic",
    isInSlice: true,
  },
  {
    name: "timed-out-is-not-done",
    clause: 6,
    does: "a command that was not answered in time counts as not sent, and its piece is free again",
    edits: [
      {
        file: "drivers/gates/output-gate.ts",
        from: `overdue: (nowNs) => this.#toDoubt(id, this.#host.answersInOrder ? "read" : "shown", nowNs),`,
        to: `overdue: () => this.#host.emit({ kind: "command", id, outcome: "notSent" }),`,
      },
    ],
    hunt: "coils-that-freeze",
  },
  {
    name: "new-socket-settles-doubt",
    clause: 6,
    does: "a read-back on a new connection settles what was written on the old one, and the device is armed",
    edits: [
      {
        file: "drivers/gates/output-gate.ts",
        from: `if (this.#doubt !== null) this.#doubt.endsBy = "test";`,
        to: `if (this.#doubt !== null) this.#doubt.endsBy = "read";`,
      },
      {
        file: "drivers/gates/output-gate.ts",
        from: `lost: (nowNs) => this.#toDoubt(id, "test", nowNs),`,
        to: `lost: (nowNs) => this.#toDoubt(id, "read", nowNs),`,
      },
    ],
    hunt: "coils-that-freeze",
  },
  {
    name: "late-is-sent",
    clause: 6,
    does: "a command whose window has passed is sent all the same, and its device is told a window two metres longer",
    edits: [
      {
        file: "src/line/permits.ts",
        from: "if (way.positionUm > way.window.untilUm) return expire(turn, permit, way);",
        to: "if (way.positionUm > way.window.untilUm + 9e9) return expire(turn, permit, way);",
      },
      {
        file: "drivers/buses/bus-queue.ts",
        from: "if (nowNs <= job.untilNs) continue;",
        to: "if (nowNs <= job.untilNs + 9e9) continue;",
      },
      {
        file: "drivers/buses/bus-queue.ts",
        from: "atNs = Math.min(atNs, job.untilNs + 1);",
        to: "atNs = Math.min(atNs, job.untilNs + 9e9);",
      },
      {
        file: "src/line/law/clause-6-late.ts",
        from: "if (q.positionUm > q.untilUm)",
        to: "if (q.positionUm > q.untilUm + 9e9)",
      },
      {
        file: "src/line/permit-counts.ts",
        from: "countAt(belt, layout, window.untilUm);",
        to: "countAt(belt, layout, window.untilUm + 2_000_000);",
      },
    ],
    hunt: "stalls",
  },
];
