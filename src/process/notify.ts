// Tells systemd about the process: ready, alive, stopping (sd_notify), by a datagram through libc.
import { createRequire } from "node:module";

export interface Notifier {
  /** False: nobody asked to be told (no NOTIFY_SOCKET); every call then does nothing. */
  readonly active: boolean;
  /** How often `watchdog` must be called at least, ms; null: systemd does not watch. Half of WatchdogSec. */
  readonly watchdogEveryMs: number | null;
  ready(status: string): void;
  watchdog(): void;
  status(text: string): void;
  stopping(): void;
}

/**
 * Node has no datagram sockets of the Unix family, hence libc's sendto (5 µs a call, never waiting: a full queue at
 * systemd loses the message). The library behind it is loaded only when NOTIFY_SOCKET is set.
 * @throws when NOTIFY_SOCKET is set and cannot be used: a service of Type=notify would be killed later anyway
 */
export function openNotifier(env: NodeJS.ProcessEnv = process.env): Notifier {
  const path = env["NOTIFY_SOCKET"];
  if (path === undefined || path === "") return SILENT;
  const send = datagramTo(path);
  return {
    active: true,
    watchdogEveryMs: watchdogEveryMs(env),
    ready: (status) => send(`READY=1\nSTATUS=${oneLine(status)}\n`),
    watchdog: () => send("WATCHDOG=1\n"),
    status: (text) => send(`STATUS=${oneLine(text)}\n`),
    stopping: () => send("STOPPING=1\n"),
  };
}

const SILENT: Notifier = {
  active: false,
  watchdogEveryMs: null,
  ready: () => {},
  watchdog: () => {},
  status: () => {},
  stopping: () => {},
};

const oneLine = (text: string): string => text.replaceAll("\n", " ");

/** WATCHDOG_USEC is meant for the process named by WATCHDOG_PID only (sd_watchdog_enabled(3)). */
function watchdogEveryMs(env: NodeJS.ProcessEnv): number | null {
  const pid = env["WATCHDOG_PID"];
  const usec = Number(env["WATCHDOG_USEC"]);
  if (!Number.isFinite(usec) || usec <= 0) return null;
  if (pid !== undefined && Number(pid) !== process.pid) return null;
  return Math.max(1, Math.floor(usec / 2000));
}

/** Numbers of Linux, the same on x86-64 and arm64: unix(7), socket(2), send(2). */
const AF_UNIX = 1;
const SOCK_DGRAM_CLOEXEC = 0o2000002;
const MSG_DONTWAIT_NOSIGNAL = 0x4040;

function datagramTo(path: string): (text: string) => void {
  const koffi = createRequire(import.meta.url)("koffi") as typeof import("koffi");
  // The process itself: Node is linked to the libc of the system, glibc or musl.
  const libc = koffi.load(null);
  const socket = libc.func("int socket(int domain, int type, int protocol)");
  const sendto = libc.func("long sendto(int fd, void *buf, size_t len, int flags, void *address, uint32_t size)");
  const fd = socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0) as number;
  if (fd < 0) throw new Error(`NOTIFY_SOCKET=${path}: no datagram socket (errno ${koffi.errno()})`);
  const address = unixAddress(path);
  return (text) => {
    const bytes = Buffer.from(text, "utf8");
    sendto(fd, bytes, bytes.length, MSG_DONTWAIT_NOSIGNAL, address, address.length);
  };
}

/** struct sockaddr_un: family in the machine's order, then the path; "@name" stands for an abstract one. */
export function unixAddress(path: string): Buffer {
  const name = Buffer.from(path.startsWith("@") ? `\0${path.slice(1)}` : `${path}\0`, "utf8");
  if (name.length > 108) throw new Error(`NOTIFY_SOCKET=${path}: longer than the 107 bytes of a Unix socket address`);
  const family = Buffer.alloc(2);
  family.writeUInt16LE(AF_UNIX);
  return Buffer.concat([family, name]);
}
