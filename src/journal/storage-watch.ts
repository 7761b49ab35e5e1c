// Decides what the line is told of the disk: ok, slow, or full, from what each observer last saw.
import type { StorageState } from "../line/step.ts";

/** What may be wrong at once; full beats slow. */
export interface StorageTroubles {
  /** The group in flight is older than the disk's share. */
  slow: boolean;
  /** Free space is below the floor, or could not be asked. */
  belowFloor: boolean;
  /** The disk refused bytes for lack of space. */
  refused: boolean;
  /** Too many bytes wait for the disk. */
  overheld: boolean;
}

export interface StorageWatch {
  set(trouble: Partial<StorageTroubles>): void;
  state(): StorageState;
}

/** Starts at "ok"; @param changed called on each change of the state, not of a trouble */
export function storageWatch(changed: (state: StorageState) => void): StorageWatch {
  const troubles: StorageTroubles = { slow: false, belowFloor: false, refused: false, overheld: false };
  let told: StorageState = "ok";
  return {
    set(seen) {
      Object.assign(troubles, seen);
      const state = judge(troubles);
      if (state === told) return;
      told = state;
      changed(state);
    },
    state: () => told,
  };
}

function judge(t: StorageTroubles): StorageState {
  if (t.belowFloor || t.refused || t.overheld) return "full";
  return t.slow ? "slow" : "ok";
}
