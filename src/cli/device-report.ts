// What `coline check --devices` says of scanners' ports and OPC UA servers: what is there, and what costs time or reliability.
import { type DeviceLook, lookAtDevice, lookAtScanner, type ScannerConfig } from "../../drivers/registry.ts";
import type { DeviceConfig } from "../config/line-schema.ts";

export interface DeviceReport {
  /** Every port is there and can be opened, or is open in the controller; every server has what the site names. */
  ok: boolean;
  scanners: readonly Looked[];
  devices: readonly Looked[];
}

type Looked = DeviceLook & { id: string; driver: string };

/** Opens each port for a moment; one that the controller has open is left alone. A server gets a session more. */
export async function lookAtDevices(
  scanners: readonly ScannerConfig[],
  behind: { devices: readonly DeviceConfig[]; folder: string } = { devices: [], folder: "" },
): Promise<DeviceReport> {
  const [ports, servers] = await Promise.all([
    Promise.all(scanners.map(async (each) => [{ ...named(each), ...(await lookAtScanner(each)) }])),
    Promise.all(
      behind.devices.map(async (each) => {
        const look = await lookAtDevice(each, behind.folder);
        return look === null ? [] : [{ ...named(each), ...look }];
      }),
    ),
  ]);
  const [inPorts, inServers] = [ports.flat(), servers.flat()];
  return { ok: [...inPorts, ...inServers].every(({ error }) => error === null), scanners: inPorts, devices: inServers };
}

const named = ({ id, driver }: { id: string; driver: string }) => ({ id, driver });

export function deviceText({ scanners, devices }: DeviceReport): string {
  const lines = [
    ...scanners.flatMap((each) => lookedText(each, "cannot be opened: ")),
    ...devices.flatMap((each) => lookedText(each, "")),
  ];
  const ends = [
    scanners.every(isWell) ? "every scanner's port is there" : "not every scanner's port can be opened",
    ...(devices.length === 0
      ? []
      : [
          devices.every(isWell)
            ? "every OPC UA server has what the site names"
            : "not every OPC UA server has what the site names",
        ]),
  ];
  return `${["Devices", ...lines, "", ...ends].join("\n")}\n`;
}

const isWell = ({ error }: Looked): boolean => error === null;

function lookedText({ id, driver, facts, notices, error }: Looked, cannot: string): string[] {
  const shown = Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${value}`);
  return [
    `  ${id}  ${driver}  ${shown.join(", ")}`,
    ...(error === null ? [] : [`    ✗ ${cannot}${error}`]),
    ...notices.map(({ code, text }) => `    ! ${code}: ${text}`),
  ];
}
