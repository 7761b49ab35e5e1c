// What systemd hears: read back from a datagram socket of the test's own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import koffi from "koffi";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openNotifier, unixAddress } from "../../../src/process/notify.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coline-notify-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each(["path", "abstract"])(
  "a service manager at a socket (%s) hears ready, alive and stopping, in order",
  (kind) => {
    const path = kind === "path" ? join(folder, "notify") : `@coline-test-${process.pid}`;
    const manager = datagramReceiver(path);
    const notifier = openNotifier({ NOTIFY_SOCKET: path });
    expect(notifier.active).toBe(true);
    notifier.ready("sorting\nsite a");
    notifier.watchdog();
    notifier.status("infeed held");
    notifier.stopping();
    expect(manager.received()).toEqual([
      "READY=1\nSTATUS=sorting site a\n",
      "WATCHDOG=1\n",
      "STATUS=infeed held\n",
      "STOPPING=1\n",
    ]);
    manager.close();
  },
);

test("a manager that is gone, or does not read, never makes the process wait or throw", () => {
  const path = join(folder, "notify");
  const manager = datagramReceiver(path);
  const notifier = openNotifier({ NOTIFY_SOCKET: path });
  for (let i = 0; i < 5000; i++) notifier.watchdog();
  const heard = manager.received().length;
  expect(heard).toBeGreaterThan(0);
  expect(heard).toBeLessThan(5000);
  manager.close();
  expect(() => notifier.watchdog()).not.toThrow();
});

test("nobody asked to be told: nothing is sent", () => {
  const notifier = openNotifier({});
  expect(notifier.active).toBe(false);
  expect(notifier.watchdogEveryMs).toBeNull();
  expect(() => notifier.ready("unheard")).not.toThrow();
});

test("the watchdog is fed at half its time, and only by the process it is meant for", () => {
  const env = { NOTIFY_SOCKET: "@coline-test-unheard", WATCHDOG_USEC: "3000000" };
  expect(openNotifier({ ...env, WATCHDOG_PID: String(process.pid) }).watchdogEveryMs).toBe(1500);
  expect(openNotifier({ ...env, WATCHDOG_PID: "1" }).watchdogEveryMs).toBeNull();
  expect(openNotifier({ ...env, WATCHDOG_USEC: "never" }).watchdogEveryMs).toBeNull();
});

test("a socket path that no Unix address can hold is refused at start", () => {
  expect(() => openNotifier({ NOTIFY_SOCKET: `/${"x".repeat(200)}` })).toThrow("107 bytes");
});

function datagramReceiver(path: string): { received(): string[]; close(): void } {
  const libc = koffi.load(null);
  const socket = libc.func("int socket(int domain, int type, int protocol)");
  const bind = libc.func("int bind(int fd, void *address, uint32_t size)");
  const recv = libc.func("long recv(int fd, _Out_ void *buf, size_t len, int flags)");
  const close = libc.func("int close(int fd)");
  const dontWait = 0x40;
  const fd = socket(1, 2, 0) as number;
  const address = unixAddress(path);
  expect(bind(fd, address, address.length)).toBe(0);
  return {
    received() {
      const messages: string[] = [];
      for (;;) {
        const buffer = Buffer.alloc(4096);
        const length = Number(recv(fd, buffer, buffer.length, dontWait));
        if (length < 0) return messages;
        messages.push(buffer.toString("utf8", 0, length));
      }
    },
    close: () => void close(fd),
  };
}
