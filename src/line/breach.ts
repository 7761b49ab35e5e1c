// A breach: a parcel in an outbound chute that the last look had not let go; latched until an officer acknowledges.
import { raise } from "./alarms.ts";
import { chuteFact } from "./chute-room.ts";
import type { ChuteLayout } from "./layout.ts";
import { stop } from "./line-permits.ts";
import { chutesNamed } from "./renamed-chutes.ts";
import { count, journal, type Turn } from "./turn.ts";

/** @param o.itemId 0: nobody knows which parcel it is. */
export function breach(turn: Turn, o: { chute: ChuteLayout; itemId: number; detail: string }): void {
  count(turn, "breaches");
  journal(turn, {
    kind: "breach",
    itemId: o.itemId,
    chuteId: o.chute.id,
    detail: o.detail,
  });
  raise(turn, { code: "LAW_BREACH", source: o.chute.id, detail: o.detail });
  turn.state.breachedChutes.push(o.chute.id);
  lockChute(turn, o.chute.id, "LAW_BREACH");
  stop(turn, o.chute.beltId, `LAW_BREACH:${o.chute.id}`);
}

/** Nothing more goes into the chute, and its container stays where it is, by whatever name the map has it now. */
export function lockChute(turn: Turn, chuteId: string, why: string): void {
  for (const chute of chutesNamed(turn, chuteId)) {
    if (chute.locked) continue;
    chute.locked = true;
    journal(turn, chuteFact(chute, why));
  }
}
