// The benchmark's floor: reads a telegram, writes one request at once, without any logic; then asks the disk how long it takes: bare-loop.ts <tty> <port> <file>
import { closeSync, fdatasync, openSync, rmSync, write } from "node:fs";
import { connect } from "node:net";
import { serialScannerSchema } from "../../../drivers/scanners/serial-schema.ts";
import { openSerialPort } from "../../../drivers/serial/serial-port.ts";
import { COMMAND_FRAME, LAST_BYTE } from "./bare-telegram.ts";
import type { Reaction } from "./messages.ts";

/** What one parcel's telegram, decision and permit make in the journal. */
const ENTRY = Buffer.alloc(1500, "x");

/** Rarely enough not to be a load of its own. */
const DISK_EVERY_MS = 50;

const nowNs = (): number => Number(process.hrtime.bigint());

const [path, port, file] = process.argv.slice(2);
if (path === undefined || port === undefined || file === undefined)
  throw new Error("usage: bare-loop.ts <tty> <port> <file>");

const socket = connect({ host: "127.0.0.1", port: Number(port), noDelay: true });
const tty = await openSerialPort(serialScannerSchema.parse({ id: "bare", driver: "serial", path }));
const fd = openSync(file, "wx");
let written = 0;
let asked: Reaction[] = [];
let askedMs = 0;

tty.listen({
  bytes(bytes) {
    if (!bytes.includes(LAST_BYTE)) return;
    socket.write(COMMAND_FRAME);
    if (performance.now() - askedMs >= DISK_EVERY_MS) appendDurably();
  },
  ended: leave,
});
socket.on("close", leave);
process.on("SIGTERM", leave);
process.on("message", () => {
  process.send?.(asked);
  asked = [];
});

/** As the journal does it: append, then fdatasync. */
function appendDurably(): void {
  const atNs = nowNs();
  askedMs = performance.now();
  write(fd, ENTRY, 0, ENTRY.length, written, (writeError) => {
    if (writeError !== null) throw writeError;
    fdatasync(fd, (syncError) => {
      if (syncError !== null) throw syncError;
      asked.push({ atNs, ns: nowNs() - atNs });
    });
  });
  written += ENTRY.length;
}

function leave(): void {
  closeSync(fd);
  rmSync(file as string);
  process.exit(0);
}
