// Denso QK and QS: CR from the factory; with a header a check character that differs in what it is taken over.
import type { ScannerProfile } from "./profile.ts";

const QS20H = "https://manualshive.com/ru/manual/denso/qs20h/2483290?page=33";
const QK20 = "https://manualshive.com/en/manual/denso/qk20-r/qk20-r_user-manual_2483287-53.html";

/** No header, CR behind the code: no check character is sent then. */
export const denso: ScannerProfile = {
  title: "Denso QK and QS without header",
  framing: { start: "", end: "\r", separator: null, noRead: null },
  sources: [QS20H, QK20],
  unverified: [],
};

/** Exclusive or of all that follows the header, the terminator included (QS20H manual, p. 33). */
export const densoQs: ScannerProfile = {
  ...denso,
  title: "Denso QS20H with header and check character",
  framing: {
    ...denso.framing,
    start: "\u0002",
    check: { kind: "xor", coversStart: false, coversEnd: true, place: "afterEnd" },
  },
  sources: [QS20H],
  unverified: ["framing.check.place"],
};

/** The same, the terminator left out (QK20 manual, p. 53). */
export const densoQk: ScannerProfile = {
  ...densoQs,
  title: "Denso QK20 with header and check character",
  framing: { ...densoQs.framing, check: { ...densoQs.framing.check, coversEnd: false } },
  sources: [QK20],
};
