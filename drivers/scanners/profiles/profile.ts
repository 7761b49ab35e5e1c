// A profile: what a vendor's scanner does as it leaves the factory, or as its manual shows it; a site overrides any of it.
import type { FramingOverrides } from "../framing.ts";
import type { SerialLine } from "../serial-line.ts";
import type { ScannerTrigger } from "../trigger.ts";

export interface ScannerProfile {
  /** For whom it is, in one line. */
  title: string;
  /** Differs from `USUAL_LINE`. */
  line?: Partial<SerialLine>;
  /** Differs from `PLAIN_FRAMING`. */
  framing: FramingOverrides;
  /** Differs from `NO_TRIGGER`. */
  trigger?: Partial<ScannerTrigger>;
  /** Manuals and pages in which the values stand. */
  sources: readonly string[];
  /** Values without such a source, to be compared with the scanner on site; `coline probe scanner` shows them. */
  unverified: readonly string[];
}
