// The people at a simulated line: an officer who fetches a late hold back, an operator who changes containers, clears and tests gates.

export interface Staff {
  /** A locked chute is unlocked again this long after it was locked, its parcel fetched; ns. */
  unlocksAfterNs: number;
  /** A full container is changed this long after the chute's sensor said so; ns. */
  changesAfterNs: number;
  /** A blocked safe end is cleared this long after the belt was stopped for it; ns. */
  clearsAfterNs: number;
  /** A gate in doubt is tested at standstill this long after the line said so; ns. */
  testsAfterNs: number;
}

/** What they say to the line; a command of the product's own. */
export type StaffCommand =
  | { command: "unlockChute" | "containerChanged" | "enableChute"; chuteId: string }
  | { command: "gateTested"; gateId: string };

export interface StaffAtWork {
  /** A chute as it is now. @param now.jammed left out: as it was */
  chute(now: { chuteId: string; locked: boolean; full: boolean; jammed?: boolean }): void;
  /** Whether a belt stands because its safe end is blocked. */
  belt(now: { beltId: string; isBlocked: boolean }): void;
  gate(now: { gateId: string; isInDoubt: boolean }): void;
}

const ASKED_AGAIN_NS = 5_000_000_000;

/** A controller that is down hears nothing: each thing is done again until the line says that it was done. */
export function staffAtWork(
  o: Staff & {
    after: (delayNs: number, action: () => void) => unknown;
    give: (what: StaffCommand) => void;
    changeContainer: (chuteId: string) => void;
    clearSafeEnd: (beltId: string) => void;
    /** The gate's device runs: what it does with the gate can be seen. */
    canTest: (gateId: string) => boolean;
  },
): StaffAtWork {
  const locked = new Set<string>();
  const full = new Set<string>();
  const blocked = new Set<string>();
  const jammed = new Set<string>();
  const doubted = new Set<string>();
  const doUntilDone = (id: string, open: Set<string>, what: () => void, afterNs: number): void => {
    o.after(afterNs, () => {
      if (!open.has(id)) return;
      what();
      doUntilDone(id, open, what, ASKED_AGAIN_NS);
    });
  };
  const follow = (id: string, now: { is: boolean; open: Set<string>; what: () => void; afterNs: number }): void => {
    if (!now.is) now.open.delete(id);
    if (!now.is || now.open.has(id)) return;
    now.open.add(id);
    doUntilDone(id, now.open, now.what, now.afterNs);
  };
  return {
    chute({ chuteId, ...is }) {
      const unlock = (): void => o.give({ command: "unlockChute", chuteId });
      const change = (): void => {
        o.changeContainer(chuteId);
        o.give({ command: "containerChanged", chuteId });
      };
      // A person who looks into a jammed chute finds nothing in it, or clears it, and says that it may go on.
      const look = (): void => o.give({ command: "enableChute", chuteId });
      if (is.jammed !== undefined)
        follow(chuteId, { is: is.jammed, open: jammed, what: look, afterNs: o.unlocksAfterNs });
      follow(chuteId, { is: is.locked, open: locked, what: unlock, afterNs: o.unlocksAfterNs });
      follow(chuteId, { is: is.full, open: full, what: change, afterNs: o.changesAfterNs });
    },
    belt({ beltId, isBlocked }) {
      const clear = (): void => o.clearSafeEnd(beltId);
      follow(beltId, { is: isBlocked, open: blocked, what: clear, afterNs: o.clearsAfterNs });
    },
    gate({ gateId, isInDoubt }) {
      const test = (): void => {
        if (o.canTest(gateId)) o.give({ command: "gateTested", gateId });
      };
      follow(gateId, { is: isInDoubt, open: doubted, what: test, afterNs: o.testsAfterNs });
    },
  };
}
