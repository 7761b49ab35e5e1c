// What `coline check --devices` says of the scanners' ports: what is there, and what costs time or reliability.
import { lookAtScanner, type ScannerConfig } from "../../drivers/registry.ts";

export interface DeviceReport {
  /** Every port is there and can be opened, or is open in the controller. */
  ok: boolean;
  scanners: readonly ScannerReport[];
}

interface ScannerReport {
  id: string;
  driver: string;
  facts: Readonly<Record<string, string | number | boolean | null>>;
  notices: readonly { code: string; text: string }[];
  error: string | null;
}

/** Opens each port for a moment; one that the controller has open is left alone. */
export async function lookAtDevices(scanners: readonly ScannerConfig[]): Promise<DeviceReport> {
  const looks = await Promise.all(
    scanners.map(async (scanner) => ({ id: scanner.id, driver: scanner.driver, ...(await lookAtScanner(scanner)) })),
  );
  return { ok: looks.every(({ error }) => error === null), scanners: looks };
}

export function deviceText({ ok, scanners }: DeviceReport): string {
  const lines = scanners.flatMap(({ id, driver, facts, notices, error }) => [
    `  ${id}  ${driver}  ${Object.entries(facts)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ")}`,
    ...(error === null ? [] : [`    ✗ cannot be opened: ${error}`]),
    ...notices.map(({ code, text }) => `    ! ${code}: ${text}`),
  ]);
  const end = ok ? "every scanner's port is there" : "not every scanner's port can be opened";
  return `${["Devices", ...lines, "", end].join("\n")}\n`;
}
