// Errors of the journal: what cannot be trusted, what the disk refused, and places that a reader no longer finds.
import type { Fault } from "../fault.ts";
import { refusals } from "./refusal.ts";

const notStarted = refusals("Does not start and changes nothing.");
const ended = refusals("The process ends, without a second try; gates fall by the devices' watchdogs.");
const stands = refusals("The gateway's reader stands still, says so in log and metrics, and tries again.");

export const journalErrors = {
  JOURNAL_DAMAGED: notStarted("the journal is damaged", {
    means: "A line does not fit the chain, or a segment or checkpoint is missing; not just a torn last line.",
    personShould:
      "Run `coline verify` and keep a copy as evidence; bring the file back from the archive, or begin a new folder.",
  }),
  JOURNAL_GAP: notStarted("entries of the line are missing", {
    means: "The chain holds, but the entries behind the checkpoint are not numbered without a gap.",
    personShould: "As for JOURNAL_DAMAGED; send the folder to Coline's developers, it should not be possible.",
  }),
  JOURNAL_CHECKPOINT_VERSION: notStarted("a checkpoint of another version", {
    means: "The journal was last written by a Coline whose checkpoint this one cannot read.",
    personShould: "Install the newer version again.",
  }),
  JOURNAL_IN_USE: notStarted("another controller has this journal", {
    means: "One controller a site: a second one was started on the same folder. Exit code 75.",
    personShould: "Stop the other first; the message names its process id where it can.",
  }),
  JOURNAL_WRITE_FAILED: ended("a write failed", {
    means: "The disk refused a write for another reason than a lack of space.",
    personShould: "See the kernel's log; replace the disk or mend the mount, then start.",
  }),
  JOURNAL_SYNC_FAILED: ended("a sync failed", {
    means: "A sync or close gave an error: what the disk holds is unknown, and the next sync might lie.",
    personShould: "Replace the disk before you trust it; the restart reads what the kernel still holds.",
  }),
  JOURNAL_BUFFER_FULL: ended("too much waits for the disk", {
    means: "More than 64 MiB of entries wait to be written; the message says from which entry on they are lost.",
    personShould: "Find what blocks the disk, or free space.",
  }),
  JOURNAL_CURSOR_MISMATCH: stands("the journal is not the one that was read", {
    means: "At the place where the reader stopped stands another line: the journal was replaced or rewritten.",
    controllerDoes:
      "A replaced journal is counted anew from its start, and what was spent stays spent; any other change stands still.",
    personShould: "If nobody began a new journal: run `coline verify` and keep a copy.",
  }),
  JOURNAL_CURSOR_GONE: stands("the place where the reader stopped is gone", {
    means: "Its segment was archived or deleted before it was read to the end.",
    personShould: "Bring the segment back from the archive; if a new journal was begun, nothing.",
  }),
} as const satisfies Record<string, Fault>;
