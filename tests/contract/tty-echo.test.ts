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

test.each([
  { device: "/dev/null", what: "keeps the probe to itself", why: /its echo has not come/ },
  { device: "/dev/full", what: "takes no probe", why: /ENOSPC/ },
])("a terminal that $what: it is not back, nobody is thrown at, and another one begins anew", ({ device, why }) => {
  const echo = openTtyEcho(device);
  if (typeof echo === "string") throw new Error(echo);
  echo.send();
  expect([echo.isBack(), echo.isBack()]).toEqual([false, false]);
  expect(echo.renew()).toMatch(why);
  expect(echo.isBack()).toBe(true);
  echo.close();
});

test("a probe that was under way in a terminal given up does not count for the next one's", async () => {
  const echo = openTtyEcho();
  if (typeof echo === "string") throw new Error(echo);
  echo.send();
  echo.renew();
  echo.send();
  await back(echo);
  echo.close();
  echo.close();
  echo.send();
  expect(echo.isBack()).toBe(true);
});

test("a system that gives none says so", () => {
  expect(openTtyEcho("/nowhere/ptmx")).toMatch(/late are not noticed: ENOENT/);
});
