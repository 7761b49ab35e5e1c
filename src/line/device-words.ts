// What a device says of a command and of a gate, and what the journal says of its disk.
export type CommandOutcome = "notSent" | "done" | "refused" | "inDoubt";
/** "between": neither switch; "unknown": not mapped, not yet read, or both switches at once. */
export type GatePosition = "home" | "out" | "between" | "unknown";
export type StorageState = "ok" | "slow" | "full";
