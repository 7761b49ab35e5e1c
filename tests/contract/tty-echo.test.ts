// The terminal that echoes: a probe comes back by the kernel's own way, for as long as the line runs.
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { openTtyEcho, type TtyEcho } from "../../drivers/serial/tty-echo.ts";

async function back(echo: TtyEcho): Promise<void> {
  while (!echo.isBack()) await setImmediate();
}

test("every probe comes back: the terminal keeps nothing, and does not fill", async () => {
  const echo = openTtyEcho();
  if (typeof echo === "string") throw new Error(echo);
  expect(echo.isBack()).toBe(true);
  // More than a terminal holds unread (N_TTY_BUF_SIZE, 4096 bytes).
  for (let count = 0; count < 5000; count += 1) {
    echo.send();
    await back(echo);
  }
  echo.close();
});

test("a second probe is not sent while one is under way", async () => {
  const echo = openTtyEcho();
  if (typeof echo === "string") throw new Error(echo);
  for (let count = 0; count < 10; count += 1) echo.send();
  await back(echo);
  expect([echo.isBack(), echo.isBack()]).toEqual([true, true]);
  echo.close();
});

test("a system that gives none says so", () => {
  expect(openTtyEcho("/nowhere/ptmx")).toMatch(/late are not noticed: ENOENT/);
});
