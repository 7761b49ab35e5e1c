// Law 2, any hold beats any release: holds that are compared, overwritten, lifted by another's lift, or told to nobody.
import type { Mutant } from "../mutant.ts";

export const clause2: readonly Mutant[] = [
  {
    name: "newer-release-beats-hold",
    clause: 2,
    does: "a hold counts only when its event time is later than the release's, though their clocks differ",
    edits: [
      {
        file: "src/line/decide.ts",
        from: "companies.map((company) => carryOver(turn.state, turn.releases.look(company, waybill))),",
        to: `companies
      .map((company) => carryOver(turn.state, turn.releases.look(company, waybill)))
      .map((look) => ({ ...look, holds: look.holds.filter((h) => h.placedAtMs > (look.record?.eventAtMs ?? 0)) })),`,
      },
    ],
    hunt: "mixed-traffic",
    isInSlice: true,
  },
  {
    name: "lift-takes-every-hold",
    clause: 2,
    does: "an authority's holds of one kind share one field, so that the lift of one lifts them all",
    edits: [
      {
        file: "src/releases/waybill.ts",
        from: "const name = { authority: event.authority, kind: event.holdKind, reference: event.reference };",
        to: `const name = { authority: event.authority, kind: event.holdKind, reference: "" };`,
      },
    ],
    hunt: "mixed-traffic",
  },
  {
    name: "hold-goes-with-its-record",
    clause: 2,
    does: "a new declaration begins with a clean sheet, and the holds that were there before it are gone",
    edits: [
      {
        file: "src/releases/waybill.ts",
        from: "return declarations === state.declarations ? state : { ...state, declarations };",
        to: "return declarations === state.declarations ? state : { declarations, holds: [] };",
      },
    ],
    hunt: "mixed-traffic",
  },
  {
    name: "late-hold-is-not-told",
    clause: 2,
    does: "a hold that comes after the last look finds the parcel on its way, and nobody is asked to fetch it",
    edits: [
      {
        file: "src/line/late-hold.ts",
        from: "if (verdict.holds.length > 0) return true;",
        to: "",
      },
    ],
    hunt: "late-word",
  },
  {
    name: "departed-is-forgotten",
    clause: 2,
    does: "who has left is forgotten at once, so that a hold that comes a second later concerns nobody",
    edits: [
      {
        file: "src/line/ends.ts",
        from: "if (sentOut && permit.release !== null && !item.isLateHeld)",
        to: "if (sentOut && permit.release !== null && item.isLateHeld)",
      },
    ],
    hunt: "late-word",
  },
  {
    name: "a-new-gateway-knows-nothing",
    clause: 2,
    does: "a gateway begins without the holds that the one before had taken and not told any more",
    edits: [
      {
        file: "src/gateway/late-words.ts",
        from: "for (const waybill of before) this.#add(waybill);",
        to: "for (const waybill of before.slice(before.length)) this.#add(waybill);",
      },
    ],
    hunt: "dying-gateway",
  },
  {
    name: "holds-are-told-once",
    clause: 2,
    does: "a controller that is there anew is not told of the holds that may have met nobody",
    edits: [
      {
        file: "src/gateway/hints.ts",
        from: "    connected: tellAgain,",
        to: "    connected() {},",
      },
    ],
    hunt: "dying-gateway",
  },
];
