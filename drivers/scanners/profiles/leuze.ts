// Leuze BCL: STX, CR LF, 9600 baud from the factory; + and - switch the reading.
import type { ScannerProfile } from "./profile.ts";

/** BCL 300i and 500i on the MA 208i: 9600 8N1, STX data CR LF without acknowledgement, trigger + and - (its manual, p. 74). */
export const leuze: ScannerProfile = {
  title: "Leuze BCL 300i and 500i",
  line: { baud: 9600 },
  framing: { end: "\r\n", separator: null, noRead: "?" },
  trigger: { on: "+", off: "-" },
  sources: ["https://manualshive.com/ru/manual/leuze-electronic/ma-208i/1883992?page=74"],
  unverified: ["framing.noRead", "framing.separator"],
};
