// Keyence BL and SR: LON and LOFF switch the reading, the answer mirrors the command's frame.
import type { ScannerProfile } from "./profile.ts";

const SOURCES = [
  "https://azmanual.top/manuals/658135/keyence-bl-600-series.html?page=128",
  "https://github.com/brianteachman/mqtt_serial_scanner_nodes (sr_scanner.py)",
  "https://github.com/PyLabRobot/pylabrobot (keyence backend)",
];

/**
 * LON and LOFF with CR; answers OK,command and ER,command,code; a command between STX and ETX is answered so, one with CR
 * is answered so (BL-600 manual, p. 128). BL-600 and BL-1300 come with 9600 7E1.
 */
export const keyence: ScannerProfile = {
  title: "Keyence BL and SR, CR",
  line: { baud: 9600, dataBits: 7, parity: "even" },
  framing: { start: "", end: "\r", separator: null, noRead: "ERROR", replies: { ok: "OK,", error: "ER," } },
  trigger: { on: "LON", off: "LOFF" },
  sources: SOURCES,
  unverified: ["framing.noRead", "framing.separator", "baud of the SR series"],
};

/** The same with a start, which is to be preferred. */
export const keyenceStx: ScannerProfile = {
  ...keyence,
  title: "Keyence BL and SR, STX and ETX",
  framing: { ...keyence.framing, start: "\u0002", end: "\u0003" },
};
