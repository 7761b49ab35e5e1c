// Cognex DataMan: lines of text.
import type { ScannerProfile } from "./profile.ts";

/**
 * DMCC ends its lines with CR LF and listens on TCP 23; the text of a no-read can be set and has no documented default, so
 * that it has to be given (DMCC reference; DataMan manual, p. 19). The extended mode of the DM100 and DM200 sends base64,
 * which is not read.
 */
export const cognexDataMan: ScannerProfile = {
  title: "Cognex DataMan",
  framing: { start: "", end: "\r\n", separator: null, noRead: null },
  sources: [
    "https://docs.cognex.com/dmst_2310/web/EN/DMCC/Content/Topics/dmcc-main.html",
    "https://www.manualslib.com/manual/2077577/Cognex-Dataman.html?page=19",
  ],
  unverified: ["framing.end", "framing.separator"],
};
