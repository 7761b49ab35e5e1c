// A line on simulated devices is looped: run empty, stopped, switched to manual; each gate is moved, and nothing else may be.
import { expect, test, vi } from "vitest";
import { newToken } from "../../../src/gateway/tokens.ts";
import { type LineRig, startLine } from "../line-rig.ts";

const belt = (line: LineRig) => line.live()?.line.belts[0];

test("gates are moved by hand only while their belt is held down, still, and was seen to run empty", {
  timeout: 120_000,
}, async () => {
  const token = newToken();
  const text = { text: token.token, sha256: token.sha256 };
  const line = await startLine({ parcels: null, perHour: 1000, example: "small-line", token: text });
  vi.stubEnv("COLINE_TOKEN", token.token);
  const jog = () => line.coline("jog", line.siteFolder, "g1", "out-express");

  await line.until("a belt that has run empty", () => belt(line)?.mode === "running");
  expect(await jog()).toMatchObject({ code: 1, err: expect.stringContaining("COMMAND_NOT_MANUAL") });

  expect(await line.coline("command", line.siteFolder, "stopLine")).toMatchObject({ code: 0 });
  await line.until("a belt that stands", async () => (await line.rig.status()).belts[0]?.speedUmPerS === 0);
  await line.rig.switchToManual(true);
  await line.until("manual mode", () => belt(line)?.mode === "manual");

  const moved = await jog();
  expect(moved, moved.err).toMatchObject({ code: 0, out: expect.stringContaining("out and home again") });
  const looped = await line.coline("looptest", line.siteFolder, "--times", "1");
  expect(looped.out, looped.err).toMatch(/g1 to out-express: .*\ng2 to out-cbec: .*\ng3 to inspection: .*\n/);

  await line.rig.switchToManual(false);
  await line.until("automatic, and a belt that has to be purged", () => belt(line)?.mode === "stopped");
  expect(await jog()).toMatchObject({ code: 1, err: expect.stringContaining("COMMAND_NOT_MANUAL") });

  const { report, evidence, verdict, exitCode, lastWords } = await line.finish();
  expect(exitCode, lastWords).toBe(0);
  expect(verdict).toMatchObject({ isIntact: true });
  expect(report.findings).toEqual([]);
  // Out and home, each gate: g1 twice.
  expect(evidence.truth.swings.map(({ gateId }) => gateId).sort()).toEqual(["g1", "g1", "g2", "g3"]);
});
