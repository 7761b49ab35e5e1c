// `coline replay` on a simulated journal: what it says, and what it ends with.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { simulate } from "../../../simulators/virtual/simulate.ts";
import { run as journalCommand } from "../../../src/cli/commands/journal.ts";
import { run } from "../../../src/cli/commands/replay.ts";
import { run as verify } from "../../../src/cli/commands/verify.ts";
import { folderOf, resealed } from "../../simulation/resealed.ts";
import { exampleSite } from "../../simulation/virtual-run.ts";

const site = fileURLToPath(new URL("../../../config/sites/common-line", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "coline-replay-"));
const journal = join(folder, "journal");
const noInputs = join(folder, "no-inputs");
const changed = join(folder, "changed");

beforeAll(() => {
  const done = simulate({
    site: exampleSite("common-line"),
    seed: 21,
    parcels: 40,
    limitNs: 120e9,
    journalLimits: { segmentBytes: 120_000 },
  });
  const put = (into: string, files: Iterable<[string, Buffer]>): void => {
    mkdirSync(into);
    for (const [name, bytes] of files) writeFileSync(join(into, name), bytes);
  };
  const image = [...done.disk].map(([name, { bytes }]): [string, Buffer] => [name, bytes]);
  // The first one compressed, as the gateway leaves it.
  put(
    journal,
    image.map(([name, bytes], at) => (at === 0 ? [`${name}.gz`, gzipSync(bytes)] : [name, bytes])),
  );
  const filesOf = (edit: Parameters<typeof resealed>[1]): [string, Buffer][] => {
    const made = resealed(folderOf(done.disk), edit);
    return made.names().map((name) => [name, made.read(name)]);
  };
  put(
    noInputs,
    filesOf((lines) => lines.filter(({ kind }) => kind !== "inputs")),
  );
  put(
    changed,
    filesOf((lines) => lines.map((line) => (line.kind === "permit" ? { ...line, chuteId: "out-other" } : line))),
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

/** What the command wrote, and its exit code. */
async function told(command: (args: string[]) => Promise<number>, ...args: string[]) {
  const out = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  const err = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  try {
    const code = await command(args);
    const text = (spy: typeof out): string => spy.mock.calls.map(([chunk]) => String(chunk)).join("");
    return { code, out: text(out), err: text(err) };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

/** The site's own map with its text changed. */
function map(name: string, change: (text: string) => string): string {
  const file = join(folder, name);
  writeFileSync(file, change(readFileSync(join(site, "chutes.yaml"), "utf8")));
  return file;
}

describe("the core that wrote it", () => {
  test("identical, with what was compared, and exit code 0; compressed segments too", async () => {
    const { code, out } = await told(run, site, journal);
    expect(out).toMatch(/^identical\ncompared \d+ entries, \d+ decisions among them\nplayed {3}1 run, [\d,]+ inputs/);
    expect(out).toMatch(/state {4}\d+ checkpoints? the same/);
    expect(code).toBe(0);
  });

  test("--json: the same as one document", async () => {
    const { code, out } = await told(run, site, journal, "--json", "--from", "1");
    expect(JSON.parse(out)).toMatchObject({ runs: 1, difference: null, passedOver: [] });
    expect(code).toBe(0);
  });

  test("a run that is not there: nothing compared, exit code 1", async () => {
    const { code, out } = await told(run, site, journal, "--from", "9");
    expect(out).toContain("NOTHING COMPARED");
    expect(code).toBe(1);
  });

  test("the other readers pass over the inputs", async () => {
    expect((await told(verify, journal)).code).toBe(0);
    const story = await told(journalCommand, journal, "--since", "2020-01-01");
    expect(story.out).not.toContain("inputs");
  });
});

test("a journal of the version before, without inputs: refused in words", async () => {
  const { code, out } = await told(run, site, noInputs);
  expect(out).toContain("NOTHING COMPARED");
  expect(out).toContain("run 1 was passed over: it holds no inputs");
  expect(code).toBe(1);
});

test("another entry: the first difference with both sides and its input, exit code 1", async () => {
  const { code, out } = await told(run, site, changed);
  expect(out).toMatch(/^DIFFERENT: run 1, 0{11}1\.jsonl seq \d+\n/);
  expect(out).toContain("the core writes another entry, first at chuteId");
  expect(out).toMatch(/journal {2}permit \d+ for item \d+: gate .* to out-other/);
  expect(out).toMatch(/input {4}\{"atNs":\d+,"kind":"\w+"/);
  expect(code).toBe(1);
});

describe("another chute map", () => {
  test("the same map: nobody goes elsewhere", async () => {
    const { code, out } = await told(run, site, journal, "--chutes", join(site, "chutes.yaml"));
    expect(out).toContain(", 0 would have been sent elsewhere.");
    expect(out).toContain("What this cannot know:");
    expect(code).toBe(0);
  });

  test("a rule is gone: its parcels go to the safe end, with the rule before and after", async () => {
    const file = map("without.yaml", (text) => text.replace(/^ {2}- \{ id: released-express-import, .*\n/m, ""));
    const { code, out } = await told(run, site, journal, "--chutes", file, "--json");
    const { whatIf } = JSON.parse(out) as { whatIf: { different: Different[]; parcels: number } };
    expect(whatIf.different.length).toBeGreaterThan(0);
    for (const { before, after } of whatIf.different) {
      expect(before.ruleId).toBe("released-express-import");
      expect(after).toMatchObject({ ruleId: null, chuteId: "abnormal" });
    }
    expect(code).toBe(0);
  });

  test("a chute that takes two parcels: the others find it full, and it is said how many", async () => {
    const file = map("small.yaml", (text) =>
      text.replace("{ id: out-express-import, ", "{ id: out-express-import, capacityItems: 2, "),
    );
    const { out } = await told(run, site, journal, "--chutes", file, "--json");
    const { whatIf } = JSON.parse(out) as { whatIf: { chutes: Record<string, { overflow: number }> } };
    const overflow = Object.values(whatIf.chutes).reduce((sum, chute) => sum + chute.overflow, 0);
    expect(overflow).toBeGreaterThan(0);
    const words = await told(run, site, journal, "--chutes", file);
    expect(words.out).toContain("found it full");
    expect(words.out).toContain("the chute is full");
  });

  test("a rule that fills two chutes evenly: parcels go to the one that has taken fewer", async () => {
    const file = map("even.yaml", (text) =>
      text
        .replace("zone: { kind: inspection }", "zone: { kind: outbound, stream: express, direction: import }")
        .replace("to: [inspection]", "to: [abnormal]")
        .replace("to: [out-express-import]", "to: [out-express-import, inspection], balance: leastFilled"),
    );
    const { code, out } = await told(run, site, journal, "--chutes", file, "--json");
    const { whatIf } = JSON.parse(out) as { whatIf: { different: Different[] } };
    const evened = whatIf.different.filter(({ after }) => after.chuteId !== "abnormal");
    expect(evened.length).toBeGreaterThan(0);
    for (const { after } of evened) expect(after.chuteId).toBe("inspection");
    expect(code).toBe(0);
  });

  test("a journal of another plant: its run is left out, nothing is told, exit code 1", async () => {
    const other = fileURLToPath(new URL("../../../config/sites/plain-coils", import.meta.url));
    const { code, out } = await told(run, other, journal, "--chutes", join(other, "chutes.yaml"));
    expect(out).toContain("left out: run 1, which ran on another plant");
    expect(code).toBe(1);
  });

  test("a sensor that the plant did not have: the chute counts as not full, and that is said", async () => {
    const file = map("sensor.yaml", (text) =>
      text.replace("{ id: inspection, ", "{ id: inspection, fullInput: { device: plc1, input: 25 }, "),
    );
    const { code, out } = await told(run, site, journal, "--chutes", file);
    expect(out).toContain("nobody read whether these were full, they count as not full: inspection;");
    expect(code).toBe(0);
  });

  test("a map that `check` refuses: its problems, exit code 1, and nothing is played", async () => {
    const file = map("wrong.yaml", (text) => text.replace("to: [out-express-import]", "to: [nowhere]"));
    const { code, out } = await told(run, site, journal, "--chutes", file);
    expect(out).toContain(`chutes.yaml is ${file}`);
    expect(out).toContain("nowhere");
    expect(code).toBe(1);
  });
});

test("used wrongly: the usage, exit code 2", async () => {
  expect((await told(run)).code).toBe(2);
  expect((await told(run, site, journal, "--from", "0")).code).toBe(2);
  expect((await told(run, site, join(folder, "nothing"))).err).toContain("there is no folder");
  expect((await told(run, "--help")).out).toContain("usage: coline replay");
});

interface Different {
  before: { ruleId: string | null; chuteId: string };
  after: { ruleId: string | null; chuteId: string };
}
