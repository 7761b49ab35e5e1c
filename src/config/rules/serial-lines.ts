// Devices on one serial line speak alike, and each has an address of its own.
import { entries } from "../draft.ts";
import type { Rule } from "./rule.ts";

const SHARED = ["baud", "parity", "stopBits"] as const;

export const linesAgree: Rule = (site, report) => {
  const first = new Map<string, { id?: unknown; baud?: unknown; parity?: unknown; stopBits?: unknown }>();
  const units = new Map<string, string | undefined>();
  for (const [index, device] of entries(site.line.devices)) {
    if (device.driver !== "modbus-rtu" || device.line === undefined) continue;
    const earlier = first.get(device.line);
    if (earlier === undefined) first.set(device.line, device);
    else {
      for (const key of SHARED) {
        if (device[key] === undefined || earlier[key] === undefined || device[key] === earlier[key]) continue;
        report("line.yaml", ["devices", index, key], {
          code: "CONFIG_LINE_DISAGREES",
          what: `${key} of "${device.id}" differs from that of "${String(earlier.id)}" on the same line`,
          right: `${String(earlier[key])} for both`,
        });
      }
    }
    if (device.unit === undefined) continue;
    const unit = `${device.line} ${device.unit}`;
    if (units.has(unit))
      report("line.yaml", ["devices", index, "unit"], {
        code: "CONFIG_ADDRESS_TWICE",
        what: `unit ${device.unit} on this line already is "${units.get(unit)}"`,
        right: "an address of its own for each device on a line",
      });
    else units.set(unit, device.id);
  }
};
