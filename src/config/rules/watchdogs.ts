// A watchdog's time is one that its device can keep, and it has a register to be fed by where it needs one.
import { entries } from "../draft.ts";
import type { Rule } from "./rule.ts";

/** Steps of the time, ms, where the device counts in more than one. */
const STEPS: Readonly<Record<string, number>> = { "wago-750": 100, "icp-das-et7000": 1000, "adlink-nd": 100 };

export const watchdogsFit: Rule = (site, report) => {
  for (const [index, { id, watchdog }] of entries(site.line.devices)) {
    const at = ["devices", index, "watchdog"];
    if (watchdog?.kind === undefined) continue;
    const step = STEPS[watchdog.kind];
    const { timeoutMs } = watchdog;
    if (step !== undefined && timeoutMs !== undefined && timeoutMs % step !== 0)
      report("line.yaml", [...at, "timeoutMs"], {
        code: "CONFIG_WATCHDOG_UNFIT",
        what: `the watchdog of "${id}" counts in steps of ${step} ms`,
        right: `${Math.max(step, Math.floor(timeoutMs / step) * step)} or another multiple of ${step}`,
      });
    if (watchdog.kind === "registers" && watchdog.fedBy !== "requests" && watchdog.feedRegister === undefined)
      report("line.yaml", [...at, "fedBy"], {
        code: "CONFIG_WATCHDOG_UNFIT",
        what: `the watchdog of "${id}" is fed by ${watchdog.fedBy}, and there is no feedRegister`,
        right: "a feedRegister that Coline may write",
      });
  }
};
