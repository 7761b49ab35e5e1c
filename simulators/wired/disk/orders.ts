// The few bytes that a wired run and the disk of its controller share: how slow and full the disk is, what it has synced.
import { closeSync, openSync, readFileSync, readSync, rmSync, writeSync } from "node:fs";

/** In the environment of the site's processes: path of the file. */
export const DISK_ORDERS = "COLINE_SIMULATED_DISK";

export interface DiskOrders {
  /** Whole time that a sync takes at least, ms; 0: as fast as it is. */
  syncMs: number;
  isFull: boolean;
}

/** How much of the newest file of the journal is on the disk for certain. */
export interface SyncedFile {
  path: string;
  bytes: number;
}

const ORDERS_BYTES = 16;
const SYNCED_AT = 64;
const SYNCED_BYTES = 4096;

/** The side of whoever gives the orders; a new file, everything well, gone when it is closed. */
export function giveOrders(path: string): {
  give(orders: DiskOrders): void;
  synced(): SyncedFile | null;
  close(): void;
} {
  const fd = openSync(path, "w+", 0o600);
  const give = ({ syncMs, isFull }: DiskOrders): void => {
    const bytes = Buffer.alloc(ORDERS_BYTES);
    bytes.writeDoubleLE(syncMs, 0);
    bytes.writeUInt32LE(isFull ? 1 : 0, 8);
    writeSync(fd, bytes, 0, ORDERS_BYTES, 0);
  };
  give({ syncMs: 0, isFull: false });
  return {
    give,
    synced() {
      const text = readFileSync(path).subarray(SYNCED_AT).toString("utf8").replace(/\0+$/, "");
      return text === "" ? null : (JSON.parse(text) as SyncedFile);
    },
    close() {
      closeSync(fd);
      rmSync(path, { force: true });
    },
  };
}

/** The controller's side. */
export function takeOrders(path: string): { orders(): DiskOrders; isSynced(file: SyncedFile): void } {
  const fd = openSync(path, "r+");
  const bytes = Buffer.alloc(ORDERS_BYTES);
  const record = Buffer.alloc(SYNCED_BYTES);
  return {
    orders() {
      readSync(fd, bytes, 0, ORDERS_BYTES, 0);
      return { syncMs: bytes.readDoubleLE(0), isFull: bytes.readUInt32LE(8) === 1 };
    },
    isSynced(file) {
      record.fill(0);
      record.write(JSON.stringify(file), "utf8");
      // One write of its own size: whoever reads after the process is gone finds all of it or the one before.
      writeSync(fd, record, 0, SYNCED_BYTES, SYNCED_AT);
    },
  };
}
