// How a Coline process says by its exit code why it ended; parent and systemd units judge by these numbers.

/** 0, 1 and 2 as for every command; the others follow sysexits.h where it has a fitting one. */
export const exitCode = {
  done: 0,
  failed: 1,
  usedWrongly: 2,
  /** Nobody answered: whether it was done is not known (EX_UNAVAILABLE). */
  unanswered: 69,
  /** Another running controller has the journal, or another gateway the stores (EX_TEMPFAIL). */
  alreadyRunning: 75,
  /** The site's files do not pass the check (EX_CONFIG): starting again would not help. */
  badSite: 78,
  /** A second signal while stopping: ended at once, without the clean-up. */
  stoppedTwice: 130,
  /** Nobody reads what it prints any more: as of a program that SIGPIPE ends. */
  readerGone: 141,
} as const;

/** A parent or systemd must not start again what ended so: a person has to act first. */
export const noRestart: readonly number[] = [exitCode.usedWrongly, exitCode.badSite];
