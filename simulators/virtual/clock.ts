// The simulator's clock: callbacks in order of their time, those of one instant in the order in which they were asked for.

export interface VirtualClock {
  /** Whole ns since the simulation began. */
  nowNs(): number;
  /** Runs `action` once at `atNs`, or now if that is past; the result is for `takeBack`. */
  at(atNs: number, action: () => void): Due;
  after(delayNs: number, action: () => void): Due;
  /** As `at`, but after everything else of that instant, whenever it was asked for. */
  lastAt(atNs: number, action: () => void): Due;
  takeBack(due: Due): void;
  /** Runs everything due up to and including `untilNs`. */
  runTo(untilNs: number): void;
}

export interface Due {
  atNs: number;
  isLast: boolean;
  order: number;
  action: (() => void) | null;
}

export function virtualClock(): VirtualClock {
  /** The next one stands last. Most of what is asked for comes soon, and so finds its place after a few steps. */
  const ahead: Due[] = [];
  let nowNs = 0;
  let order = 0;

  const add = (atNs: number, isLast: boolean, action: () => void): Due => {
    const due: Due = { atNs: Math.max(nowNs, Math.ceil(atNs)), isLast, order: order++, action };
    let place = ahead.length;
    for (; place > 0; place -= 1) {
      const sooner = ahead[place - 1] as Due;
      if (!comesBefore(sooner, due)) break;
      ahead[place] = sooner;
    }
    ahead[place] = due;
    return due;
  };
  const at = (atNs: number, action: () => void): Due => add(atNs, false, action);
  return {
    nowNs: () => nowNs,
    at,
    after: (delayNs, action) => at(nowNs + delayNs, action),
    lastAt: (atNs, action) => add(atNs, true, action),
    takeBack(due) {
      due.action = null;
    },
    runTo(untilNs) {
      for (let next = ahead.at(-1); next !== undefined && next.atNs <= untilNs; next = ahead.at(-1)) {
        ahead.pop();
        nowNs = next.atNs;
        next.action?.();
      }
      nowNs = untilNs;
    },
  };
}

/** Of two that are due; everything else of an instant comes before what is asked to be last. */
function comesBefore(a: Due, b: Due): boolean {
  if (a.atNs !== b.atNs) return a.atNs < b.atNs;
  return a.isLast === b.isLast ? a.order < b.order : b.isLast;
}
