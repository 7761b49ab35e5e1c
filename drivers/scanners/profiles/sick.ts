// SICK CLV and Lector: STX and ETX, or CR LF; a no-read text that is filled up; a status for each code.
import type { ScannerProfile } from "./profile.ts";

const CLV_410 = "https://www.easymanua.ls/sick/clv-410/manual";

/**
 * Start, header, separator and terminator can be set, STX and ETX are what most sites have. The no-read text can be set
 * too; where a set length is longer, its last character is repeated (CLV 410 manual, pp. 43 and 46).
 */
export const sickClv: ScannerProfile = {
  title: "SICK CLV and Lector, STX and ETX",
  framing: { noRead: "NoRead", noReadPadded: true },
  sources: [`${CLV_410}?p=43`, `${CLV_410}?p=46`],
  unverified: ["framing.noRead", "framing.separator", "baud"],
};

/** The terminator as the CLV 410 has it from the factory (manual, p. 43). */
export const sickCrLf: ScannerProfile = {
  ...sickClv,
  title: "SICK CLV and Lector, CR LF",
  framing: { ...sickClv.framing, start: "", end: "\r\n" },
};

/**
 * ST in the format of each code: 0 good, 1 wrong check digit, 2 no read, 3 system error, 5 too few equal readings, 6 wrong
 * number of slaves, 7 from the aux input, 8 data lost, 9 filtered out, A too many codes (CLV 410 manual, p. 57).
 */
export const sickClvStatus: ScannerProfile = {
  ...sickClv,
  title: "SICK CLV with the status ST before each code",
  framing: {
    ...sickClv.framing,
    fields: { beforeCode: [{ is: "status", chars: 1 }] },
    status: { good: ["0"], noRead: ["2"] },
  },
  sources: [...sickClv.sources, `${CLV_410}?p=57`],
};
