// Commands that open scanners' ports: a look at each, and a probe that guesses the entry which then reads the scanner.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { serialScannerSchema } from "../../drivers/scanners/serial-schema.ts";
import { openSerialPort } from "../../drivers/serial/serial-port.ts";
import { openPtyScanner, type WireScanner } from "../../simulators/wired/scanner/pty-scanner.ts";
import { run as probe } from "../../src/cli/commands/probe.ts";
import { deviceText, lookAtDevices } from "../../src/cli/device-report.ts";
import { eventually } from "./eventually.ts";

let folder = "";
let path = "";
let wire: WireScanner;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "coline-scanner-"));
  path = join(folder, "scan1");
  wire = openPtyScanner({ linkPath: path, baud: null });
});
afterEach(async () => {
  vi.restoreAllMocks();
  wire.unplug();
  await rm(folder, { recursive: true });
});

const scannerAt = (where: string) => serialScannerSchema.parse({ id: "scan1", driver: "serial", path: where });

describe("a look at the ports", () => {
  test("one that is there is well", async () => {
    const report = await lookAtDevices([scannerAt(path)]);
    expect(report).toMatchObject({ ok: true, scanners: [{ id: "scan1", error: null, notices: [] }] });
    expect(deviceText(report)).toContain("every scanner's port is there");
  });

  test("one that the controller has open is left alone", async () => {
    const port = await openSerialPort(scannerAt(path));
    const report = await lookAtDevices([scannerAt(path)]);
    expect(report).toMatchObject({ ok: true, scanners: [{ facts: { inUse: true }, error: null }] });
    await port.close();
  });

  test("one that is not there is said with what is missing", async () => {
    const report = await lookAtDevices([scannerAt(join(folder, "gone"))]);
    expect(report.ok).toBe(false);
    expect(report.scanners[0]).toMatchObject({ error: expect.any(String), notices: [{ code: "missing" }] });
    expect(deviceText(report)).toContain("not every scanner's port can be opened");
  });
});

test("a probe shows the bytes, guesses the entry, and the entry is one that a site accepts", async () => {
  let out = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const ended = probe(["scanner", path, "--scans", "3", "--seconds", "60"]);
  const sent = ["\u0002]C0RB123456785GB;]C03318810025\u0003", "\u0002NOREAD\u0003", "\u0002]C0RB123456785GB\u0003"];
  await eventually(() => out).toContain("listening at 115200 baud");
  for (const [index, text] of sent.entries()) {
    await wire.send(Buffer.from(text, "latin1"));
    // Shown when nothing more has come for a while: the next one is another telegram.
    await eventually(() => out.match(/ s {2}/g)?.length ?? 0).toBe(index + 1);
  }
  expect(await ended).toBe(0);
  expect(out).toContain("02 4e 4f 52 45 41 44 03   <STX>NOREAD<ETX>");
  const [entry] = parse(out.slice(out.indexOf("  - id:"))) as unknown[];
  expect(serialScannerSchema.parse(entry)).toMatchObject({
    ...{ path, profile: "generic", baud: 115_200 },
    framing: { start: "\u0002", end: "\u0003", separator: ";", noRead: "NOREAD", aimPrefix: true },
  });
});

test.each([[[]], [["scanner"]], [["printer", "/dev/x"]], [["scanner", "/dev/x", "--baud", "fast"]]])(
  "a probe asked for %j explains itself",
  async (args) => {
    let said = "";
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      said += String(text);
      return true;
    });
    expect(await probe(args)).toBe(2);
    expect(said).toContain("usage: coline probe scanner PATH");
  },
);
