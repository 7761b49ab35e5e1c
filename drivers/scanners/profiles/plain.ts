// Scanners that are set to a plain format by hand: between STX and ETX, or lines.
import type { ScannerProfile } from "./profile.ts";

/** What every scanner can be set to, and the one to choose: a start, an end, a mark between codes, a text for a no-read. */
export const generic: ScannerProfile = {
  title: "any scanner set to STX, codes with ; between them, ETX",
  framing: {},
  sources: [],
  unverified: [],
};

/** Without a start the first telegram after each opening is lost. */
export const lines: ScannerProfile = {
  title: "any scanner that sends one code a line",
  framing: { start: "", end: "\r\n", separator: null },
  sources: [],
  unverified: [],
};

/** Datalogic QuickScan: RS-232 without header, CR LF behind the code. It says nothing where it read nothing. */
export const handheld: ScannerProfile = {
  title: "a hand-held scanner: one code a line, silent until its trigger is pulled",
  framing: { start: "", end: "\r\n", separator: null, noRead: null },
  sources: ["https://www.easymanua.ls/datalogic/quickscan-mobile/manual?p=134"],
  unverified: [],
};
