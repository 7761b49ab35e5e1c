// The gateway in virtual time: tells the line what customs has changed by the product's own rules of hints, dies, and begins anew.
import { hints } from "../../src/gateway/hints.ts";
import { LateWords, toHint } from "../../src/gateway/late-words.ts";
import { keepsIn, type ReleaseEvent } from "../../src/releases/event.ts";
import type { VirtualClock } from "./clock.ts";

type Waybill = { company: string; waybill: string };

export interface VirtualGateway {
  /** False: its process is gone, and takes nothing. */
  isUp(): boolean;
  /** A statement stands in the store. */
  committed(statementId: number, event: ReleaseEvent): void;
  /** Something has changed that keeps nobody in. */
  changed(waybill: Waybill): void;
  /** The controller's live socket is there, or gone. */
  connect(): void;
  disconnect(): void;
  /** The controller reads nothing: hints do not get through. */
  loseHints(areLost: boolean): void;
  /** Its process ends between the commit of the next word that keeps a parcel in and its hint, and is back after `forNs`. */
  dieOnWord(forNs: number, onDeath: () => void): void;
  /** Its machine has lost its power: what only the process knew is gone. */
  beginAnew(): void;
}

/** The product's `lateWordsKept` and `HINT_WAYBILLS_MAX`, whose files bring LMDB and processes, which have no place here. */
const STORED = 1000;
const IN_A_MESSAGE = 200;

export function virtualGateway(o: {
  clock: VirtualClock;
  hint: (waybills: readonly Waybill[]) => void;
  /** By now the line has to have been told of the statement. */
  told: (statementId: number) => void;
  onDown: () => void;
  onUp: () => void;
}): VirtualGateway {
  let stored: Waybill[] = [];
  let isUp = true;
  let isConnected = false;
  let areHintsLost = false;
  let deaths: { forNs: number; onDeath: () => void }[] = [];
  /** Of these the line has not been told; whatever the gateway's own rules make of that. */
  let owed: number[] = [];
  let late = new LateWords();
  let told = hints({ send, late });

  function send(waybills: readonly Waybill[]): boolean {
    if (!isConnected || areHintsLost) return false;
    for (let from = 0; from < waybills.length; from += IN_A_MESSAGE) o.hint(waybills.slice(from, from + IN_A_MESSAGE));
    return true;
  }
  function settle(): void {
    if (!isUp || !isConnected || areHintsLost) return;
    for (const id of owed) o.told(id);
    owed = [];
  }
  function begin(): void {
    late = new LateWords(stored);
    told = hints({ send, late });
    isUp = true;
    if (isConnected) told.connected();
    settle();
  }
  function die({ forNs, onDeath }: (typeof deaths)[number]): void {
    isUp = false;
    onDeath();
    o.onDown();
    o.clock.after(forNs, () => {
      begin();
      o.onUp();
    });
  }
  return {
    isUp: () => isUp,
    committed(statementId, event) {
      const { company, waybill } = event;
      if (keepsIn(event)) {
        stored = [...stored.slice(1 - STORED), { company, waybill }];
        owed.push(statementId);
        const death = deaths.shift();
        if (death !== undefined) return die(death);
      }
      told.tell(toHint([{ company, waybill }], late.note([event], [{ result: "applied" }])));
      settle();
    },
    changed: (waybill) => told.tell([waybill]),
    connect() {
      isConnected = true;
      if (isUp) told.connected();
      settle();
    },
    disconnect() {
      isConnected = false;
    },
    loseHints(areLost) {
      areHintsLost = areLost;
      if (isUp && isConnected && !areLost) told.alive();
      settle();
    },
    dieOnWord(forNs, onDeath) {
      deaths = [...deaths, { forNs, onDeath }];
    },
    beginAnew() {
      if (isUp) begin();
    },
  };
}
