// After a failed commit the writer's process is gone at once: no exit handler touches memory that LMDB may have spoilt.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("a failed commit ends the process by SIGKILL, with one line that says so and no exit handler", () => {
  const module = new URL("../../../src/releases/disk-guard.ts", import.meta.url).href;
  const script = `
    import { endProcess } from ${JSON.stringify(module)};
    process.on("exit", () => process.stdout.write("exit handler"));
    endProcess(new Error("No space left on device"));
  `;
  const ran = spawnSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
  expect(ran.signal).toBe("SIGKILL");
  expect(ran.stderr).toContain("RELEASE_COMMIT_FAILED: No space left on device");
  expect(ran.stdout).toBe("");
});
