// What the line core writes to the journal: everything that a decision was made from, and what became of it.

import type { TestResult } from "./commissioning-state.ts";
import type { CommandOutcome, GatePosition, WithdrawalOutcome } from "./device-words.ts";
import type { Direction, Disposition, Stream, Zone } from "./layout.ts";
import type { Mode } from "./mode.ts";
import type { JogEnd } from "./plant-state.ts";
import type { Look } from "./release.ts";
import type { TelegramFields } from "./telegram.ts";

/** `n` numbers the core's entries without a gap, over restarts too; `atNs` counts from the run's epoch. */
export type LineEntry = { n: number; atNs: number } & LineFact;

/** A waybill, and the companies that it may belong to. */
export interface Named {
  waybill: string;
  companies: readonly string[];
}

export type Identity =
  | {
      kind: "code";
      waybill: string;
      companies: readonly string[];
      patternId: string;
      /** Waybills of a weaker rank that were read with it: another label of this parcel, or that of one which touches it. */
      besides?: readonly Named[];
    }
  /** A parcel of the commissioning's own; see `test-code.ts`. */
  | { kind: "test"; code: string }
  | { kind: "noRead" }
  | { kind: "conflict"; waybills: readonly string[] };

/** A refusal always brings its reason: the clause of the law (1..10; 0: no clause, plain plant state) and a code. */
export interface Refusal {
  clause: number;
  code: string;
  chuteId: string;
  detail: string;
}

export type LineFact =
  | {
      kind: "run";
      /** Counts the starts of the controller on this journal, from 1. */
      run: number;
      /** Names the journal: the store's mark of what it has carried over counts for this one only. */
      journalId: string;
      codeVersion: string;
      bootId: string;
      layoutHash: string;
      /** Wall time at the run's epoch, RFC 3339 with offset. */
      startedAt: string;
      /** CLOCK_MONOTONIC of this boot at the run's epoch, ns, decimal: ties the run's times to other processes'. */
      epochMonotonicNs: string;
      restored: boolean;
    }
  | { kind: "layout"; layoutHash: string }
  | {
      kind: "item";
      itemId: number;
      beltId: string;
      eyeId: string;
      beltUm: number;
      errorUm: number;
      /** The PLC's own number of the parcel, where the PLC tracks; absent elsewhere. */
      trackingId?: number;
    }
  | { kind: "length"; itemId: number; lengthUm: number }
  /** `itemId` null: the telegram fitted no item, or two (`spoiled`). */
  | {
      kind: "telegram";
      scannerId: string;
      itemId: number | null;
      spoiled: readonly number[];
      result: "codes" | "noRead";
      codes: readonly string[];
      rawHex: string;
      firstByteNs: number;
      lastByteNs: number;
      arrivedAfterNs: number;
      /** As the scanner sent them; absent: it sends none. */
      fields?: TelegramFields;
      /** Where each code was seen, in the scanner's own words; absent: it does not say. */
      positions?: readonly (string | null)[];
    }
  | {
      kind: "decision";
      itemId: number;
      /** Counts the decisions on this item, from 1. */
      version: number;
      identity: Identity;
      looks: readonly Look[];
      disposition: Disposition;
      /** Why it is that disposition, a code of the reason table. */
      why: string;
      ruleId: string | null;
      layoutHash: string;
      /** null: the safe end. */
      chuteId: string | null;
      refusals: readonly Refusal[];
    }
  /** Reserves one piece of `release` (null when the chute is not outbound). Its `n` is the permit's id. */
  | {
      kind: "permit";
      itemId: number;
      gateId: string;
      chuteId: string;
      zone: Zone;
      release: string | null;
      decision: number;
    }
  | {
      kind: "lastLook";
      permit: number;
      go: boolean;
      looks: readonly Look[];
      refusals: readonly Refusal[];
      plannedNs: number;
    }
  | { kind: "command"; permit: number; outcome: CommandOutcome }
  /** The reserved piece is free again; every other end of a permit spends it. */
  | {
      kind: "giveBack";
      permit: number;
      release: string;
      why: "notSent" | "refused" | "safeEnd" | "withheld";
    }
  | {
      kind: "withdraw";
      id: number;
      gateId: string;
      voidUpTo: number;
      why: string;
      /** The destination of this parcel alone was recalled, permit `voidUpTo`; absent where the gate is called home. */
      trackingId?: number;
    }
  | { kind: "withdrawal"; id: number; outcome: WithdrawalOutcome }
  | { kind: "gate"; gateId: string; position: GatePosition }
  /** Exactly one for each item. */
  | {
      kind: "end";
      itemId: number;
      end: EndKind;
      chuteId: string | null;
      possiblyOutbound: boolean;
      reason: string;
      waybill: string | null;
      /** It may still come into the chute of its permit, and is waited for there; absent: it is not. */
      awaited?: true;
    }
  /** It has its end and was waited for in a chute: something has come there and is put down to it, or its time is over. */
  | { kind: "lateArrival"; itemId: number; chuteId: string; came: boolean }
  | { kind: "breach"; itemId: number; chuteId: string; detail: string }
  | { kind: "lateHold"; itemId: number; chuteId: string; waybill: string }
  | { kind: "stray"; eyeId: string; detail: string }
  | {
      kind: "chute";
      chuteId: string;
      locked: boolean;
      enabled: boolean;
      full: boolean;
      /** Older versions, and entries about something else, do not say. */
      blocked?: boolean;
      jammed?: boolean;
      /** A person said that the container is empty, and nothing has come since. */
      empty?: boolean;
      /** The stream it was changed to by a person; absent or null: that of its zone. */
      serves?: { stream: Stream; direction: Direction } | null;
      /** With another map: names that are gone, of which it may be any, and for whom its container counts as filled. */
      mayBe?: readonly string[];
      holds?: Zone | null;
      why: string;
    }
  | {
      kind: "linePermit";
      beltId: string;
      permit: "run" | "infeed";
      allowed: boolean;
      why: string;
    }
  /** A person lets a gate be moved while its belt stands empty. Its `n` is the command's number, as a permit's is. */
  | { kind: "jog"; gateId: string; chuteId: string; command: string; who: string }
  /** What was seen of it, ns since it was let go (answered, out) or called home; null: not seen. */
  | {
      kind: "jogEnd";
      jog: number;
      end: JogEnd;
      why: string | null;
      answeredNs: number | null;
      outNs: number | null;
      homeNs: number | null;
    }
  /** Nothing is proved any more: the configuration is another one, or a person has said so. */
  | { kind: "commissioning"; plantHash: string; why: "newPlant" | "person" }
  /** A test parcel has come to this chute: seen by its eye, or by the person who stood there. */
  | { kind: "proof"; chuteId: string; command: string; by: "eye" | "person"; who: string; itemId: number }
  /** What became of a test parcel, or of the wait for one, and what was seen. */
  | ({ kind: "testEnd" } & Omit<TestResult, "endedNs">)
  /** A person's stop of a belt, which outlives restarts, and its end. */
  | { kind: "halt"; beltId: string; halted: boolean }
  | { kind: "mode"; beltId: string; mode: Mode; before: Mode; why: string }
  | { kind: "device"; deviceId: string; connected: boolean; armed: boolean }
  | { kind: "scanner"; scannerId: string; state: "up" | "down" | "silent" }
  | { kind: "storage"; state: string }
  /** A person's command, carried out or refused. */
  | {
      kind: "operator";
      id: string;
      command: string;
      target: string;
      /** Name of the token, and the role by which it counted (refused: those it had). */
      who: string;
      role: string;
      accepted: boolean;
      /** Why it was refused; null: it was not. */
      code: string | null;
      detail: string;
      /** Person and command in full, JSON: the same id with another one is refused. */
      asked: string;
      /** Wall time at which it was given, ms since 1970. */
      eventAtMs: number;
    }
  | {
      kind: "alarm";
      key: string;
      code: string;
      source: string;
      active: boolean;
      /** null: back to normal. Older versions wrote `active` alone. */
      phase?: "unacknowledged" | "acknowledged" | "returned" | null;
      /** How often its condition came since it was last normal. */
      count?: number;
      /** Who acknowledged it; null: nobody was needed for this change. */
      by?: string | null;
      /** A person has put it aside; nobody is called. */
      shelved?: boolean;
      text: string;
    };

/**
 * arrived: seen by the chute's eye; divertedUnseen: sent there, its eye silent or absent, or what it
 * saw may have been another one; misdiverted: seen elsewhere;
 * lost: neither (possibly outbound or not, see `possiblyOutbound`); removed: taken off by a person.
 */
export type EndKind = "arrived" | "divertedUnseen" | "misdiverted" | "lost" | "removed";
