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
  const heap: Due[] = [];
  let nowNs = 0;
  let order = 0;

  const add = (atNs: number, isLast: boolean, action: () => void): Due => {
    const due: Due = { atNs: Math.max(nowNs, Math.ceil(atNs)), isLast, order: order++, action };
    push(heap, due);
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
      for (let top = heap[0]; top !== undefined && top.atNs <= untilNs; top = heap[0]) {
        pop(heap);
        nowNs = top.atNs;
        top.action?.();
      }
      nowNs = untilNs;
    },
  };
}

function before(a: Due, b: Due): boolean {
  if (a.atNs !== b.atNs) return a.atNs < b.atNs;
  return a.isLast === b.isLast ? a.order < b.order : b.isLast;
}

function push(heap: Due[], due: Due): void {
  let at = heap.length;
  heap.push(due);
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = heap[parentAt] as Due;
    if (before(parent, due)) break;
    heap[at] = parent;
    at = parentAt;
  }
  heap[at] = due;
}

function pop(heap: Due[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let childAt = 2 * at + 1;
    if (childAt >= heap.length) break;
    const right = heap[childAt + 1];
    if (right !== undefined && before(right, heap[childAt] as Due)) childAt += 1;
    const child = heap[childAt] as Due;
    if (before(last, child)) break;
    heap[at] = child;
    at = childAt;
  }
  heap[at] = last;
}
