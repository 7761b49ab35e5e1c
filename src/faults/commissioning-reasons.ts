// Why a test parcel went where it went, and why nothing leaves a line that was not commissioned.
import type { Fault } from "./fault.ts";
import { reason } from "./reason-row.ts";

export const commissioningReasons = {
  TEST_PARCEL: reason(
    "a test parcel",
    "It bears a code of the commissioning, which is nobody's waybill.",
    "",
    "Goes where a person stands for it (`guardChute`), else as an unknown parcel.",
  ),
  GUARD_OVER: reason(
    "nobody came",
    "No test parcel was on its way to the chute in the time for which a person stood there.",
    "Read its label; give `guardChute` again.",
    "No test parcel is let in any more.",
  ),
  LAW_NOT_COMMISSIONED: reason(
    "law 10: the line is not proved",
    "Not every chute has had its test parcel since line.yaml is as it is.",
    "`coline commission SITE`, until every chute is proved.",
  ),
} as const satisfies Record<string, Fault>;
