// Decides when world and PLCs have their next step: when one of them has something to do, on the grid of their steps.
import type { World } from "../world/world.ts";
import type { Due, VirtualClock } from "./clock.ts";
import type { PlcBench } from "./plc-bench.ts";

export interface VirtualTicks {
  /** The first step, at once. */
  begin(): void;
  /** World and PLCs as of the last step by now: up to here every step and cycle has done no more than count and move. */
  readonly catchUp: () => void;
  /** To be called after whatever may have given them something to do earlier. */
  readonly inTime: () => void;
}

/** @param o.onTick behind one step of the world and one cycle of each PLC: what came of them */
export function virtualTicks(o: {
  clock: VirtualClock;
  world: World;
  bench: PlcBench;
  stepNs: number;
  onTick: () => void;
}): VirtualTicks {
  const { clock, world, bench, stepNs } = o;
  let tickNs = 0;
  let due: Due | null = null;

  const tick = (): void => {
    tickNs = Number.POSITIVE_INFINITY;
    world.advance(clock.nowNs());
    bench.cycle();
    o.onTick();
    inTime();
  };
  const inTime = (): void => {
    const nextNs = Math.min(world.nextEventNs, world.nextReadNs, bench.nextScanNs());
    const atNs = Math.max(Math.floor(clock.nowNs() / stepNs) + 1, Math.ceil(nextNs / stepNs)) * stepNs;
    if (atNs >= tickNs) return;
    if (due !== null) clock.takeBack(due);
    tickNs = atNs;
    due = clock.lastAt(atNs, tick);
  };
  return {
    begin: () => void clock.lastAt(0, tick),
    catchUp() {
      world.advance(clock.nowNs());
      bench.catchUp();
    },
    inTime,
  };
}
