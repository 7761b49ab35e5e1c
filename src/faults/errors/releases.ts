// Errors of the release cache and of the lines that customs sends.
import type { Fault } from "../fault.ts";
import { refusals } from "./refusal.ts";

const lineRefused = refusals("Takes in the other lines of the batch, and answers with this one's number.");
const unreadable = refusals("Every look-up is an error, so that nothing counts as released; tries again each second.");

export const releaseErrors = {
  CUSTOMS_LINE_TOO_LONG: lineRefused("a line of the feed is too long", {
    means: "More than 65,536 bytes without an end of line.",
    personShould: "Send one event a line.",
  }),
  CUSTOMS_LINE_NOT_UTF8: lineRefused("a line of the feed is not UTF-8", {
    means: "Bytes that are no UTF-8.",
    personShould: "Send UTF-8 without a byte order mark.",
  }),
  CUSTOMS_LINE_NOT_JSON: lineRefused("a line of the feed is not JSON", {
    means: "The line cannot be parsed.",
    personShould: "Send one JSON object a line.",
  }),
  CUSTOMS_LINE_INVALID: lineRefused("a line of the feed does not say what it should", {
    means: "A key is missing, unknown or out of range; it may have been a hold.",
    personShould: "Correct what the message names, and send the line again.",
  }),
  CUSTOMS_LINE_DUPLICATE_KEY: lineRefused("a key stands twice in a line of the feed", {
    means: "Which of the two values counts is not sure.",
    personShould: "Send each key once.",
  }),
  RELEASE_EVENT_AHEAD: lineRefused("a release or lift from the future", {
    means: "Its `eventAt` lies more than 10 minutes ahead: it would stand against every hold until then.",
    personShould: "Set the sender's clock.",
  }),
  RELEASE_EVENT_TOO_OLD: lineRefused("a release from long ago", {
    means: "It was decided more than 400 days ago.",
    personShould: "Declare it again.",
  }),
  RELEASE_VALUE_DAMAGED: lineRefused("what is stored of a waybill cannot be read", {
    means: "The stored value does not match its checksum, so that nothing can be added to it.",
    personShould: "Stop both processes, delete the store and let the feed send everything again, all holds included.",
  }),
  RELEASE_STORE_IN_USE: refusals("Sorts on with the gateway that runs; the second one does not start.")(
    "another gateway has this store",
    {
      means: "One gateway a site: a second one was started on the same data folder. Exit code 75.",
      personShould: "Stop the other first; the message names its process id where it can.",
    },
  ),
  RELEASE_STORE_MISSING: unreadable("there is no release store", {
    means: "The gateway has not made the file yet, or somebody took it away.",
    personShould: "Start the gateway.",
  }),
  RELEASE_STORE_NO_ACCESS: unreadable("the release store may not be opened", {
    means: "The file, or the lock beside it, may not be read and written by this user; readers write to the lock.",
    personShould: "Run controller and gateway as the same user, and give it both files.",
  }),
  RELEASE_STORE_DAMAGED: unreadable("the release store is damaged", {
    means: "The file was cut, or is no release store.",
    personShould: "Stop both processes, delete the store and let the feed send everything again, all holds included.",
  }),
  RELEASE_STORE_FORMAT: unreadable("a release store of another version", {
    means: "The file was written by a Coline with another format.",
    personShould: "Upgrade, or delete the file with both processes stopped and let the feed fill it again.",
  }),
  RELEASE_STORE_NO_SPACE: refusals("Takes nothing in (507) and applies nothing of the batch; releases go stale.")(
    "the release store's disk is nearly full",
    { means: "Less than 256 MiB are free; a full disk was seen to damage the writer.", personShould: "Make room." },
  ),
  RELEASE_COMMIT_FAILED: refusals("The gateway ends at once and is started again on the last good commit.")(
    "a commit of the release store failed",
    {
      means: "The gateway's memory can no longer be trusted. What was not answered was not applied.",
      personShould: "Send what was not answered again; see the kernel's log for the disk.",
    },
  ),
} as const satisfies Record<string, Fault>;
