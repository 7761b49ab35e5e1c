// Errors of the journal: what cannot be trusted, what the disk refused, and places that a reader no longer finds.
import type { Fault } from "../fault.ts";
import { refusals } from "./refusal.ts";

const notStarted = refusals("Does not start and changes nothing.");
const ended = refusals("The process ends, without a second try; gates fall by the devices' watchdogs.");
const stands = refusals("The gateway's reader stands still, says so in log and metrics, and tries again.");

const kept = refusals(
  "Sorts on. The gateway leaves the files as they are, says so in log and metrics, and tries again.",
);

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
  JOURNAL_COMPRESS_FAILED: kept("a closed segment cannot be compressed", {
    means: "The disk is full or fails, or what was read back is not what was written. The plain file is still there.",
    personShould: "Make room, or see the kernel's log for the disk.",
  }),
  JOURNAL_ARCHIVE_FAILED: kept("a closed segment cannot be archived", {
    means:
      "The archive is not there, full, not writable, or holds another file of that name, such as another journal's. " +
      "Nothing is deleted that is not in it.",
    personShould: "Mount the archive, make room, or give each journal a folder of its own.",
  }),
  JOURNAL_RETENTION_FAILED: kept("an old segment cannot be deleted", {
    means: "Its archived copy is missing or differs, a segment beside it is missing, or the disk refuses.",
    personShould: "Compare archive and journal by `coline verify`; bring back what is missing.",
  }),
} as const satisfies Record<string, Fault>;
