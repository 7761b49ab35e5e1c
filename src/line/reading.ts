// Telegrams and items: which item a telegram speaks of, and what the item is called.

import { raise } from "./alarms.ts";
import { identify } from "./barcode.ts";
import { isDriveSeen, positionsWithin } from "./belt-position.ts";
import { CAPS } from "./caps.ts";
import { decide } from "./decide.ts";
import { dueItems, itemsNear } from "./due.ts";
import { errorUm, frontUm, isTooShort } from "./item-position.ts";
import { canRecall } from "./late-hold.ts";
import { doubtLateName, isHeardByAll, mayBeOfTheOneAhead, noteLateTelegram, noteOwnTelegram } from "./late-telegram.ts";
import type { BeltLayout, StationLayout } from "./layout.ts";
import { tallyRead } from "./read-rate.ts";
import type { Item } from "./state.ts";
import type { Telegram } from "./telegram.ts";
import { activeSite, beltState, count, journal, siteOf, type Turn, touch } from "./turn.ts";
import { isOfASecond, itemsOverWindow } from "./two-as-one.ts";
import { markUnknown } from "./unknown-stretch.ts";
import { driftToEyeUm, dueTelegrams, letWait, mayMeanUnseen, readEndUm } from "./waiting.ts";

export function telegramRead(turn: Turn, scannerId: string, telegram: Telegram): void {
  const found = activeSite(turn).scanners.get(scannerId);
  if (found === undefined) return count(turn, "unknownScanner");
  if (telegram.kind === "heartbeat") return count(turn, "heartbeats");
  const { station, belt } = found;
  const range = isHandReadInTraffic(turn, belt, station) ? null : rangeOf(turn, { belt, station, telegram });
  const spoken = { belt, station, scannerId, telegram, range };
  if (range !== null && mayMeanUnseen(turn, belt, range) && letWait(turn, belt, { scannerId, telegram, ...range }))
    return;
  understand(turn, spoken);
}

/**
 * A scanner in a person's hand reads wherever the hand is: a parcel that comes by itself could get the name of one that
 * lies beside the belt. Its telegrams name somebody while nothing comes by itself.
 */
const isHandReadInTraffic = (turn: Turn, belt: BeltLayout, station: StationLayout): boolean =>
  station.isHandFed === true &&
  belt.stations.some(({ isHandFed }) => isHandFed !== true) &&
  beltState(turn, belt.id).infeedPermit;

/** Telegrams that have waited for their items: everybody who could be meant is known now. */
export function checkWaiting(turn: Turn, belt: BeltLayout): void {
  for (const { scannerId, telegram, lowUm, highUm } of dueTelegrams(turn, belt)) {
    const station = belt.stations.find(({ scannerIds }) => scannerIds.includes(scannerId));
    if (station !== undefined) understand(turn, { belt, station, scannerId, telegram, range: { lowUm, highUm } });
  }
}

/** No position counts any more: what waits can be given to nobody. */
export function giveUpWaiting(turn: Turn, belt: BeltLayout): void {
  const state = beltState(turn, belt.id);
  const waiting = state.waiting;
  state.waiting = [];
  for (const { scannerId, telegram } of waiting) {
    const station = belt.stations.find(({ scannerIds }) => scannerIds.includes(scannerId));
    if (station !== undefined) understand(turn, { belt, station, scannerId, telegram, range: null });
  }
}

interface Spoken {
  belt: BeltLayout;
  station: StationLayout;
  scannerId: string;
  telegram: Telegram;
  /** null: nobody can say. */
  range: OriginRange | null;
}

function understand(turn: Turn, spoken: Spoken): void {
  const { belt, station, scannerId, telegram, range } = spoken;
  const fits = range === null ? [] : itemsWithin(turn, belt, range);
  const [item, second] = fits;
  const isUnknownNear = range !== null && isUnknownWithin(turn, belt, range);
  const spoils = second !== undefined || (item !== undefined && isUnknownNear);
  const one = spoils ? undefined : item;
  const isAlone = range !== null && item === undefined && station.isHandFed !== true;
  const over = isAlone ? itemsOverWindow(turn, belt, { ...range, scannerId, telegram }) : [];
  journal(turn, {
    kind: "telegram",
    scannerId,
    itemId: one?.id ?? null,
    spoiled: (spoils ? fits : over).map((candidate) => candidate.id),
    result: telegram.kind === "codes" ? "codes" : "noRead",
    codes: telegram.codes.map((code) => code.text),
    rawHex: telegram.rawHex,
    firstByteNs: telegram.firstByteNs,
    lastByteNs: telegram.lastByteNs,
    arrivedAfterNs: telegram.arrivedAfterNs,
    ...(telegram.fields === undefined ? {} : { fields: telegram.fields }),
    ...(telegram.codes.some(({ position }) => position !== undefined)
      ? { positions: telegram.codes.map(({ position }) => position ?? null) }
      : {}),
  });
  if (item === undefined) {
    count(turn, "strayTelegrams");
    if (range !== null && telegram.codes.length > 0 && !isUnknownNear) unknownWasRead(turn, { belt, range, telegram });
    for (const two of over) nameConflict(turn, two);
    return raise(turn, { code: "SCANNER_STRAY_TELEGRAM", source: scannerId });
  }
  if (one === undefined) return spoilReads(turn, fits, spoken);
  readItem(turn, { item: one, belt, station, scannerId, telegram });
}

/** A belt sample older than this leaves the place of every parcel open. */
const STALE_SAMPLE_NS = 150_000_000;

/** Origins that a front in the station's window can have had when a telegram's last byte came (place = position - origin). */
interface OriginRange {
  lowUm: number;
  highUm: number;
}

/**
 * The telegram came at some moment between `arrivedAfterNs` and `lastByteNs`: a process that was held up would otherwise
 * give a parcel its follower's name. null: nobody can say, and the telegram names nobody. So it is while the belt cannot
 * be seen, for scanners go on talking then, and a position that stands still would do the same.
 */
function rangeOf(turn: Turn, o: { belt: BeltLayout; station: StationLayout; telegram: Telegram }): OriginRange | null {
  const { belt, station } = o;
  const state = beltState(turn, belt.id);
  const { arrivedAfterNs: fromNs, lastByteNs: toNs } = o.telegram;
  const isSeen = belt.encoder === null ? isDriveSeen(state, belt, toNs) : toNs - state.lastNs <= STALE_SAMPLE_NS;
  if (state.rampUntilUm !== null || state.blindSinceUm !== null || !isSeen) return null;
  const belts = positionsWithin(state, belt, { fromNs, toNs });
  if (belts === null) return null;
  const driftUm = driftToEyeUm(belt, station);
  return {
    lowUm: belts.lowUm - station.atUm - station.toUm - driftUm,
    highUm: belts.highUm - station.atUm - station.fromUm + driftUm,
  };
}

/** Items whose front can have been in the station's window then. */
function itemsWithin(turn: Turn, belt: BeltLayout, range: OriginRange): Item[] {
  const { positionUm } = beltState(turn, belt.id);
  return itemsNear(turn, belt.id, { ...range, fromPlaceUm: 0, toPlaceUm: 0 }).filter((item) => {
    const error = errorUm(item, belt, positionUm);
    return item.originUm - error <= range.highUm && item.originUm + error >= range.lowUm;
  });
}

/** Something that nobody knows may have been in the window too: then the telegram may be its. */
const isUnknownWithin = (turn: Turn, belt: BeltLayout, { lowUm, highUm }: OriginRange): boolean =>
  beltState(turn, belt.id).stretches.some(
    (stretch) => stretch.frontOriginUm <= highUm && stretch.tailOriginUm >= lowUm,
  );

/**
 * Something bears that label, and no eye has announced it: what rides in the window is unknown, so that no gate is moved
 * for its neighbours while it is in the way. A label of somebody close by was only read once more, outside the window.
 */
function unknownWasRead(turn: Turn, o: { belt: BeltLayout; range: OriginRange; telegram: Telegram }): void {
  const { belt, range, telegram } = o;
  const state = beltState(turn, belt.id);
  const nearUm = belt.maxItemUm + belt.provedGapUm;
  const near = { lowUm: range.lowUm - nearUm, highUm: range.highUm + nearUm, fromPlaceUm: 0, toPlaceUm: 0 };
  const isKnown = itemsNear(turn, belt.id, near)
    .filter(({ originUm }) => originUm >= near.lowUm && originUm <= near.highUm)
    .some((item) => telegram.codes.every(({ text }) => item.codes.some((code) => code.text === text)));
  if (isKnown) return;
  markUnknown(state, {
    positionUm: state.positionUm,
    fromPlaceUm: state.positionUm - range.highUm - belt.maxItemUm,
    toPlaceUm: state.positionUm - range.lowUm,
    why: "STRAY_TELEGRAM",
  });
}

/** A telegram that fits two items spoils both: neither has an identity of its own any more. */
function spoilReads(turn: Turn, items: readonly Item[], { belt, station, scannerId }: Spoken): void {
  // Whosever it is, one of them does not owe one any more: sooner a parcel than what is too short to be one, unless it may be of whoever
  // came before them.
  const [foremost] = items;
  const unheard = items.filter(({ scannersHeard }) => !scannersHeard.includes(scannerId));
  const isOlder = foremost !== undefined && mayBeOfTheOneAhead(turn, foremost, station);
  const first = (isOlder ? undefined : unheard.find((item) => !isTooShort(item, belt))) ?? unheard[0];
  for (const item of items) {
    if (item.scannersHeard.includes(scannerId) && isBeyondRecall(turn, item)) {
      // It has had its own telegram of this scanner and cannot be held back any more: this one is most likely another's.
      raise(turn, { code: "READ_AFTER_NO_RETURN", source: item.decision?.chuteId ?? "?", detail: `item ${item.id}` });
      continue;
    }
    if (item === first) item.scannersHeard.push(scannerId);
    nameConflict(turn, item);
  }
}

function nameConflict(turn: Turn, item: Item): void {
  item.identity = { kind: "conflict", waybills: item.codes.map((code) => code.text) };
  touch(turn, item);
  decide(turn, item);
}

function isBeyondRecall(turn: Turn, item: Item): boolean {
  const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
  return (permit?.state === "fired" || permit?.state === "done") && !canRecall(turn, item, permit);
}

function readItem(
  turn: Turn,
  read: {
    item: Item;
    belt: BeltLayout;
    station: StationLayout;
    scannerId: string;
    telegram: Telegram;
  },
): void {
  const { item, belt, station, scannerId, telegram } = read;
  const isHeardAgain = item.scannersHeard.includes(scannerId);
  const isOther = isHeardAgain && saysOther(item, telegram);
  // A hand reads label by label.
  const isSecond = isHeardAgain && station.isHandFed !== true && isOfASecond(item, belt, telegram);
  if (!isHeardAgain) item.scannersHeard.push(scannerId);
  if (isOther) noteOwnTelegram(turn, item, station);
  for (const code of telegram.codes) {
    if (item.codes.some((known) => known.text === code.text)) continue;
    if (item.codes.length >= CAPS.codesPerItem) return nameConflict(turn, item);
    item.codes.push(code);
  }
  if (isSecond) return nameConflict(turn, item);
  // What was decided already is decided anew with every telegram, whoever else is still silent.
  if (item.identity !== null) return nameItem(turn, item, station);
  const isOfTheOneAhead = mayBeOfTheOneAhead(turn, item, station);
  // One of the two was that one's then, and nobody knows which: no rank of a code settles it.
  if (isOfTheOneAhead && isOther) return nameConflict(turn, item);
  if (isOfTheOneAhead) noteLateTelegram(turn, belt, { item, station, scannerId });
  // A station of several scanners waits for all of them, or for the end of its window.
  if (!isHeardByAll(item, station) || isOfTheOneAhead) return;
  nameItem(turn, item, station);
}

/** A scanner speaks a second time, and says something else than it has said. */
const saysOther = ({ codes }: Item, telegram: Telegram): boolean =>
  codes.length !== telegram.codes.length ||
  telegram.codes.some(({ text }) => codes.every((known) => known.text !== text));

/** Settles what the item is called from all codes seen so far, and decides when that is news. */
function nameItem(turn: Turn, item: Item, station: StationLayout): void {
  const before = JSON.stringify(item.identity);
  const { identity, unmatched } = identify(item.codes, siteOf(turn, item.layoutHash).patterns);
  if (item.identity?.kind === "conflict") return;
  if (unmatched.length > 0 && identity.kind === "noRead") count(turn, "unmatchedCodes");
  if (item.identity === null) tallyRead(turn, station, identity.kind !== "noRead");
  item.identity = identity;
  touch(turn, item);
  if (JSON.stringify(identity) !== before) decide(turn, item);
}

/** Items that have left a station's window without a telegram (or without all of them) are settled now. */
export function checkReadWindows(turn: Turn, belt: BeltLayout): void {
  const state = beltState(turn, belt.id);
  const last = belt.stations[belt.stations.length - 1];
  if (last === undefined) return;
  const endUm = readEndUm(belt, last);
  for (const item of dueItems(turn, belt.id)) {
    if (item.identity !== null) continue;
    if (frontUm(item, state.positionUm) <= endUm + errorUm(item, belt, state.positionUm)) continue;
    const isHeard = isHeardByAll(item, last);
    count(turn, item.codes.length === 0 ? "noReads" : isHeard ? "readsHeldBack" : "lateReads");
    doubtLateName(turn, item);
    if (item.codes.length > 0) nameItem(turn, item, last);
    else {
      tallyRead(turn, last, false);
      item.identity = { kind: "noRead" };
      touch(turn, item);
      decide(turn, item);
    }
  }
}
