// One controller on a journal, one gateway on a store: what a second one is told, and when the folder is free again.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FolderInUse, ownerLock } from "../../../src/process/owner-lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coline-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a folder in use: the second owner is refused by the first one's pid, and told what to do", async () => {
  const lock = await ownerLock("controller", folder);
  const refusal = await ownerLock("controller", folder).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(FolderInUse);
  expect(refusal).toMatchObject({ code: "JOURNAL_IN_USE", ownerPid: process.pid, folder });
  expect((refusal as Error).message).toContain(`kill -TERM ${process.pid}`);
  await lock.release();
});

test("the same folder by another path is the same folder", async () => {
  const lock = await ownerLock("controller", folder);
  const link = join(folder, "link");
  symlinkSync(folder, link);
  await expect(ownerLock("controller", link)).rejects.toMatchObject({ code: "JOURNAL_IN_USE" });
  await lock.release();
});

test("released: the folder is free at once", async () => {
  await (await ownerLock("controller", folder)).release();
  const second = await ownerLock("controller", folder);
  await second.release();
});

test("an owner killed without a word leaves nothing behind", async () => {
  const module = new URL("../../../src/process/owner-lock.ts", import.meta.url).href;
  const script = `const { ownerLock } = await import(${JSON.stringify(module)});
    await ownerLock("controller", ${JSON.stringify(folder)}); console.log("owned"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  await expect(ownerLock("controller", folder)).rejects.toMatchObject({ ownerPid: child.pid });
  child.kill("SIGKILL");
  await once(child, "exit");
  const lock = await ownerLock("controller", folder);
  await lock.release();
});

test("a folder that does not exist is an error of its own, not a free one", async () => {
  await expect(ownerLock("controller", join(folder, "nowhere"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("a controller and a gateway may share a folder, two gateways may not", async () => {
  const [controller, gateway] = [await ownerLock("controller", folder), await ownerLock("gateway", folder)];
  const refusal = await ownerLock("gateway", folder).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "RELEASE_STORE_IN_USE", ownerPid: process.pid });
  expect((refusal as Error).message).toContain("already the gateway of");
  await controller.release();
  await gateway.release();
});
