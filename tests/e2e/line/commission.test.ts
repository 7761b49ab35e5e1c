// A line on simulated devices is commissioned by `coline commission`: until each chute had its test parcel, nothing leaves.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { newToken } from "../../../src/gateway/tokens.ts";
import { isLong } from "../../how-often.ts";
import { type LineRig, startLine } from "../line-rig.ts";
import type { Ran } from "../run-coline.ts";

const CODE = "COLINE-TEST-07";

async function start(example = "small-line"): Promise<LineRig> {
  const token = newToken();
  vi.stubEnv("COLINE_TOKEN", token.token);
  const text = { text: token.token, sha256: token.sha256 };
  const flows = (["express", "cbec"] as const).map((stream) => ({ weight: 1, stream, direction: "import" as const }));
  const traffic = { flows, fates: [{ weight: 1, fate: "released" as const }], noReadShare: 0, secondCodeShare: 0 };
  const site = { example, token: text, mustCommission: true as const };
  return startLine({ parcels: null, perHour: 2000, ...site, rig: { traffic } });
}

/** Whoever stands at the infeed lays a parcel down each time the command says so. */
function commission(line: LineRig, answers: readonly string[], ...more: string[]): Promise<Ran> {
  return line.talk(["commission", line.siteFolder, "--code", CODE, ...more], {
    answers: answers.map((answer) => `${answer}\n`).join(""),
    heard: (text) => {
      if (text.includes("Lay it down now")) void line.rig.layTestParcel(line.site.layout.belts[0]?.id ?? "", CODE);
    },
  });
}

const isReady = (line: LineRig): boolean => line.live()?.line.belts[0]?.mode === "running";

test("each chute is proved by a parcel that comes there; a command that was left goes on where it was", {
  timeout: isLong ? 300_000 : 120_000,
}, async () => {
  const line = await start();
  await line.until("a belt that runs", () => isReady(line));
  const first = await commission(line, [isLong ? "yes" : "skip", "yes"]);
  // The input ends with some chutes left.
  expect(first.code, first.out + first.err).toBe(1);
  if (isLong) expect(first.out).toContain("abnormal is proved: arrived, and seen");
  expect(first.out).toMatch(/out-express is proved: arrived, and seen; .*gate out after \d+ ms/);
  expect(first.out).toContain(`${isLong ? 2 : 3} of 4 chutes are left`);

  if (isLong) await finishCommissioning(line);
  else {
    await line.rig.startTraffic();
    await line.until(
      "parcels at the belt's end",
      async () => ((await line.rig.status()).perChute["abnormal"] ?? 0) > 2,
    );
  }
  await line.trafficDone();
  const { report, verdict, exitCode, lastWords, evidence } = await line.finish();
  expect(exitCode, lastWords).toBe(0);
  expect(verdict).toMatchObject({ isIntact: true });
  expect(report.findings).toEqual([]);
  const isOut = ({ end }: (typeof evidence.truth.parcels)[number]): boolean =>
    end.kind === "chute" && end.chuteId.startsWith("out-");
  const fates = new Set(evidence.truth.parcels.filter(isOut).map(({ fate }) => fate));
  expect(fates.has("released")).toBe(isLong);
  expect(fates.has("test")).toBe(true);
  if (!isLong) expect(report.reasons).toHaveProperty("LAW_NOT_COMMISSIONED");
});

test("a belt that its PLC tracks: what the PLC reports proves the chute, and how soon it answers is told", {
  timeout: 120_000,
}, async () => {
  const line = await start("plc-tracked");
  await line.until("a belt that runs", () => isReady(line));
  // The belt's end is last of the way and first to be asked for; then the nearest gate.
  const walk = await commission(line, [isLong ? "yes" : "skip", "yes"]);
  expect(walk.code, walk.out + walk.err).toBe(1);
  if (isLong) expect(walk.out).toContain("abnormal is proved: arrived, and seen");
  expect(walk.out).toMatch(/out-express-import is proved: arrived, and seen; its device answered after \d+ ms/);
  expect(walk.out).toContain(`${isLong ? 8 : 9} of 10 chutes are left`);
  expect(walk.out).not.toContain("What differs");
  await line.trafficDone();
  const { report, verdict, exitCode, lastWords } = await line.finish();
  expect(exitCode, lastWords).toBe(0);
  expect(verdict).toMatchObject({ isIntact: true });
  expect(report.findings).toEqual([]);
});

/** The other two; then customs' parcels leave, after a restart of the controller too, until line.yaml is changed. */
async function finishCommissioning(line: LineRig): Promise<void> {
  const second = await commission(line, ["yes", "yes"], "--json");
  expect(second.code, second.out + second.err).toBe(0);
  expect(JSON.parse(second.out)).toMatchObject({ isComplete: true, differences: [], tests: [{}, {}] });
  await line.kill("controller");
  await line.until("a belt that runs again", () => isReady(line));
  expect(await line.coline("commission", line.siteFolder, "--status")).toMatchObject({ code: 0 });
  await line.rig.startTraffic();
  const left = async (): Promise<number> => (await line.rig.status()).perChute["out-express"] ?? 0;
  await line.until("parcels that leave", async () => (await left()) > 2);
  appendFileSync(join(line.siteFolder, "line.yaml"), "realTime: { wakeLatencyUs: 10 }\n");
  const other = await line.coline("commission", line.siteFolder, "--status");
  expect(other).toMatchObject({ code: 1, err: expect.stringContaining("another line.yaml") });
}
