// Telegrams and items: which item a telegram speaks of, and what the item is called.

import { raise } from "./alarms.ts";
import { identify } from "./barcode.ts";
import { positionAt } from "./belt-position.ts";
import { decide } from "./decide.ts";
import { errorUm, frontUm } from "./item-position.ts";
import type { BeltLayout, StationLayout } from "./layout.ts";
import { CAPS, type Item } from "./state.ts";
import type { Telegram } from "./telegram.ts";
import { activeSite, beltState, count, itemById, journal, siteOf, type Turn } from "./turn.ts";

export function telegramRead(turn: Turn, scannerId: string, telegram: Telegram): void {
  const found = activeSite(turn).scanners.get(scannerId);
  if (found === undefined) return count(turn, "unknownScanner");
  if (telegram.kind === "heartbeat") return count(turn, "heartbeats");
  const { station, belt } = found;
  const at = { belt, station, atNs: telegram.lastByteNs };
  const fits = itemsAtStation(turn, at);
  const [item, second] = fits;
  const spoils = second !== undefined || (item !== undefined && unknownAtStation(turn, at));
  const one = spoils ? undefined : item;
  journal(turn, {
    kind: "telegram",
    scannerId,
    itemId: one?.id ?? null,
    spoiled: spoils ? fits.map((candidate) => candidate.id) : [],
    result: telegram.kind,
    codes: telegram.codes.map((code) => code.text),
    rawHex: telegram.rawHex,
    firstByteNs: telegram.firstByteNs,
    lastByteNs: telegram.lastByteNs,
  });
  if (item === undefined) {
    count(turn, "strayTelegrams");
    return raise(turn, { code: "SCANNER_STRAY_TELEGRAM", source: scannerId });
  }
  if (one === undefined) return spoilReads(turn, fits);
  readItem(turn, { item: one, station, scannerId, telegram });
}

/** A belt sample older than this leaves the place of every parcel open; younger ones widen the error by their travel. */
const STALE_SAMPLE_NS = 150_000_000;
/** Samples of this age are the ordinary case: position and speed are known well enough without any allowance. */
const FRESH_SAMPLE_NS = 20_000_000;

/**
 * Items that may be the one a telegram speaks of. While the belt cannot be seen nobody is: scanners go on talking then,
 * and a position that stands still would give each parcel its follower's name.
 */
function itemsAtStation(turn: Turn, at: { belt: BeltLayout; station: StationLayout; atNs: number }): Item[] {
  const { belt, station } = at;
  const state = beltState(turn, belt.id);
  const ageNs = belt.encoder === null ? 0 : Math.max(0, at.atNs - state.lastNs);
  if (state.lost || state.blindSinceUm !== null || ageNs > STALE_SAMPLE_NS) return [];
  const positionUm = positionAt(state, belt, at.atNs);
  const blurUm = ageNs > FRESH_SAMPLE_NS ? Math.ceil((belt.speedUmPerS * ageNs) / 1e9) : 0;
  return state.itemIds
    .map((id) => itemById(turn, id))
    .filter((item) => {
      const front = frontUm(item, positionUm) - station.atUm;
      const error = errorUm(item, belt, positionUm) + blurUm;
      return front >= station.fromUm - error && front <= station.toUm + error;
    });
}

/** Something that nobody knows may be in the window too: then the telegram may be its. */
function unknownAtStation(turn: Turn, at: { belt: BeltLayout; station: StationLayout; atNs: number }): boolean {
  const state = beltState(turn, at.belt.id);
  const positionUm = positionAt(state, at.belt, at.atNs);
  const { atUm, fromUm, toUm } = at.station;
  return state.stretches.some(
    (stretch) =>
      positionUm - stretch.frontOriginUm >= atUm + fromUm && positionUm - stretch.tailOriginUm <= atUm + toUm,
  );
}

/** A telegram that fits two items spoils both: neither has an identity of its own any more. */
function spoilReads(turn: Turn, items: readonly Item[]): void {
  for (const item of items) {
    item.identity = {
      kind: "conflict",
      waybills: item.codes.map((code) => code.text),
    };
    decide(turn, item);
  }
}

function readItem(
  turn: Turn,
  read: {
    item: Item;
    station: StationLayout;
    scannerId: string;
    telegram: Telegram;
  },
): void {
  const { item, station, scannerId, telegram } = read;
  if (!item.scannersHeard.includes(scannerId)) item.scannersHeard.push(scannerId);
  for (const code of telegram.codes) {
    if (item.codes.some((known) => known.text === code.text)) continue;
    if (item.codes.length >= CAPS.codesPerItem) break;
    item.codes.push(code);
  }
  // A station of several scanners waits for all of them, or for the end of its window.
  if (item.scannersHeard.length < station.scannerIds.length) return;
  nameItem(turn, item);
}

/** Settles what the item is called from all codes seen so far, and decides when that is news. */
function nameItem(turn: Turn, item: Item): void {
  const before = JSON.stringify(item.identity);
  const { identity, unmatched } = identify(item.codes, siteOf(turn, item.layoutHash).patterns);
  if (item.identity?.kind === "conflict") return;
  if (unmatched.length > 0 && identity.kind === "noRead") count(turn, "unmatchedCodes");
  item.identity = identity;
  if (JSON.stringify(identity) !== before) decide(turn, item);
}

/** Items that have left a station's window without a telegram (or without all of them) are settled now. */
export function checkReadWindows(turn: Turn, belt: BeltLayout): void {
  const state = beltState(turn, belt.id);
  const last = belt.stations[belt.stations.length - 1];
  if (last === undefined) return;
  for (const id of [...state.itemIds]) {
    const item = itemById(turn, id);
    if (item.identity !== null) continue;
    const front = frontUm(item, state.positionUm) - last.atUm;
    if (front <= last.toUm + errorUm(item, belt, state.positionUm)) continue;
    count(turn, item.codes.length === 0 ? "noReads" : "lateReads");
    if (item.codes.length > 0) nameItem(turn, item);
    else {
      item.identity = { kind: "noRead" };
      decide(turn, item);
    }
  }
}
