// The serial driver on a real tty, with a simulated scanner in a process of its own at the other end.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serialScannerSchema } from "../../drivers/scanners/schema.ts";
import { SerialScanner } from "../../drivers/scanners/serial-scanner.ts";
import { ScannerProcess } from "../../simulators/wired/scanner/process.ts";
import { type ScannerRig, type ScannerRigWish, scannerContract } from "./scanners.ts";

scannerContract("serial scanner", openRig);

async function openRig(wish: ScannerRigWish): Promise<ScannerRig> {
  const folder = await mkdtemp(join(tmpdir(), "coline-scanner-"));
  const linkPath = join(folder, "scan1");
  const wire = new ScannerProcess({ linkPath, baud: 115_200 });
  if (!wish.unplugged) await wire.start();
  const nowNs = () => Number(process.hrtime.bigint());
  const scanner = new SerialScanner({
    config: serialScannerSchema.parse({
      id: "scan1",
      driver: "serial",
      path: linkPath,
      silenceMs: wish.fallsSilent ? 200 : 60_000,
      framing: { heartbeat: "HB", maxBytes: 64, interByteTimeoutMs: wish.timesOut ? 20 : 1000 },
    }),
    clock: {
      nowNs,
      setTimer(delayMs, run) {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
  });
  return {
    scanner,
    nowNs,
    send: (text) => wire.send(Buffer.from(text, "latin1")),
    unplug: () => wire.unplug(),
    plug: () => wire.plug(),
    async stop() {
      await scanner.close();
      await wire.stop();
      await rm(folder, { recursive: true });
    },
  };
}
