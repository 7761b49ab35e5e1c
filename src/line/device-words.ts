// What a device says of a command and of a gate, and what the journal says of its disk.

/** The last two only of a PLC that tracks: the parcel is past its last word, or is none of those that it knows. */
export type CommandOutcome = "notSent" | "done" | "refused" | "inDoubt" | "tooLate" | "unknownParcel";
/** Of a gate called home: done or in doubt; the others as for a command. */
export type WithdrawalOutcome = "done" | "inDoubt" | "tooLate" | "unknownParcel";
/** "between": neither switch; "unknown": not mapped, not yet read, or both switches at once. */
export type GatePosition = "home" | "out" | "between" | "unknown";
export type StorageState = "ok" | "slow" | "full";
