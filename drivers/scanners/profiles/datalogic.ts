// Datalogic DX and DS: header, terminator and separator can be set; a number from the host comes back with the reading.
import type { ScannerProfile } from "./profile.ts";

/** Header and terminator of up to 128 bytes, a separator between codes (DX8210 manual, p. 135). */
export const datalogic: ScannerProfile = {
  title: "Datalogic DX and DS",
  framing: { end: "\r\n", noRead: "\u0018" },
  sources: ["https://www.easymanua.ls/datalogic/dx8210/manual?p=135"],
  unverified: ["framing.start", "framing.end", "framing.separator", "framing.noRead"],
};

/** Protocol index: the number of the pack stands before the message, a separator behind it (DS8110 manual, p. 160). */
export const datalogicIndex: ScannerProfile = {
  ...datalogic,
  title: "Datalogic DX and DS with the protocol index",
  framing: { ...datalogic.framing, fields: { head: [{ is: "triggerId", mark: ";" }] } },
  sources: [...datalogic.sources, "https://www.easymanua.ls/datalogic/ds8110/manual?p=160"],
};
