// Microscan and Omron: lines of text with a word for a no-read and one for a bad read.
import type { ScannerProfile } from "./profile.ts";

/** NO LABEL where nothing was read, BADCODE where it was not to be relied on (MS-850 manual, p. 90). */
export const microscan: ScannerProfile = {
  title: "Microscan and Omron",
  framing: { start: "", end: "\r\n", separator: null, noRead: "NO LABEL", noReadAlso: ["BADCODE"] },
  sources: ["https://manualshive.com/en/manual/microscan/ms-850/1788365?page=90"],
  unverified: ["framing.start", "framing.end", "framing.separator"],
};

/** Allen-Bradley 2755: NR where nothing was read, once that is switched on (its manual, p. 63). */
export const allenBradley: ScannerProfile = {
  ...microscan,
  title: "Allen-Bradley 2755",
  framing: { ...microscan.framing, noRead: "NR", noReadAlso: [] },
  sources: ["Allen-Bradley 2755, user manual, p. 63"],
};
