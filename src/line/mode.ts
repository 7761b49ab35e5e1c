// The mode of one belt as a pure table: what the plant says, in order of weight, and what each mode allows.

/**
 * safe: nothing moves towards outbound; manual: the PLC says that people drive; stopping: the run permit is off and the
 * belt still moves; stopped: it stands; purging: what rides is unknown and goes to the safe end; degraded: something is
 * missing, the rest sorts on; running: nothing is missing.
 */
export const MODES = ["safe", "manual", "stopping", "stopped", "purging", "degraded", "running"] as const;
export type Mode = (typeof MODES)[number];

export interface ModeFacts {
  /** Codes of the reason table under which nothing may move, the gravest first; empty: none. */
  unsafe: readonly string[];
  /** The PLC does not say automatic. */
  isManual: boolean;
  hasRunPermit: boolean;
  moves: boolean;
  /** Since the start, manual mode or an emergency stop everything that was on the belt has left it. */
  isCleared: boolean;
  /** Devices, scanners and the feed that are missing, by name. */
  lacks: readonly string[];
}

interface ModeRow {
  mode: Mode;
  holds(facts: ModeFacts): boolean;
  why(facts: ModeFacts): string;
}

const said = (code: string) => (): string => code;

/** The first row that holds is the mode; the last one always does. */
const ROWS: readonly ModeRow[] = [
  { mode: "safe", holds: (f) => f.unsafe.length > 0, why: (f) => f.unsafe[0] ?? "" },
  { mode: "manual", holds: (f) => f.isManual, why: said("MODE_MANUAL") },
  { mode: "stopping", holds: (f) => !f.hasRunPermit && f.moves, why: said("MODE_STOPPING") },
  { mode: "stopped", holds: (f) => !f.moves, why: said("MODE_STOPPED") },
  { mode: "purging", holds: (f) => !f.isCleared, why: said("MODE_PURGING") },
  { mode: "degraded", holds: (f) => f.lacks.length > 0, why: (f) => `MODE_DEGRADED:${f.lacks.join(",")}` },
  { mode: "running", holds: () => true, why: said("MODE_RUNNING") },
];

export function modeOf(facts: ModeFacts): { mode: Mode; why: string } {
  const row = ROWS.find(({ holds }) => holds(facts)) as ModeRow;
  return { mode: row.mode, why: row.why(facts) };
}

/** Why nothing comes onto the belt, a code of the reason table; null: the mode has nothing against it. */
export function infeedHeldBy(mode: Mode): string | null {
  if (mode === "safe") return "MODE_SAFE";
  return mode === "manual" ? "MODE_MANUAL" : null;
}

/**
 * Why no gate is moved towards a chute, a code of the law; null: the mode adds nothing. A belt that stands, cannot be
 * seen or is purged, a full disk and a missing device are clauses of their own, with better words.
 */
export function permitRefusedBy({ mode, why }: { mode: Mode; why: string }): string | null {
  if (mode === "manual") return "LAW_MODE_MANUAL";
  return mode === "safe" && why.startsWith("SIGNAL_") ? "LAW_MODE_SAFE" : null;
}

/** A gate that is out by a durable permit finishes its parcel: nothing new is permitted, and nothing is in the way. */
export const KEEPING_GATES: readonly string[] = ["STORAGE_FULL"];
