// All profiles by the name that a site gives.
import { cognexDataMan } from "./cognex.ts";
import { datalogic, datalogicIndex } from "./datalogic.ts";
import { denso, densoQk, densoQs } from "./denso.ts";
import { keyence, keyenceStx } from "./keyence.ts";
import { leuze } from "./leuze.ts";
import { allenBradley, microscan } from "./microscan.ts";
import { generic, handheld, lines } from "./plain.ts";
import type { ScannerProfile } from "./profile.ts";
import { sickClv, sickClvStatus, sickCrLf } from "./sick.ts";

export const scannerProfiles = {
  generic,
  lines,
  handheld,
  "sick-clv": sickClv,
  "sick-clv-status": sickClvStatus,
  "sick-crlf": sickCrLf,
  datalogic,
  "datalogic-index": datalogicIndex,
  leuze,
  keyence,
  "keyence-stx": keyenceStx,
  "cognex-dataman": cognexDataMan,
  denso,
  "denso-qs": densoQs,
  "denso-qk": densoQk,
  microscan,
  "allen-bradley-2755": allenBradley,
} as const satisfies Record<string, ScannerProfile>;

export type ProfileName = keyof typeof scannerProfiles;

export const PROFILE_NAMES = Object.keys(scannerProfiles) as [ProfileName, ...ProfileName[]];
