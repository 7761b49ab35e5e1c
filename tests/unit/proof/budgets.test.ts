// Time budgets, late commands, watchdogs, buses: each site that cannot work is refused with the figure that is missing.
import { describe, expect, test } from "vitest";
import { siteFacts } from "../../../src/config/site-facts.ts";
import type { SiteFile } from "../../../src/config/site-files.ts";
import { prove } from "../../../src/proof/prove.ts";
import { checked, type ExampleName, edited, exampleTexts, loadedSite } from "../config/example-site.ts";

interface Unworkable {
  situation: string;
  site?: ExampleName;
  file?: SiteFile;
  replace: string;
  by: string;
  code: string;
  severity?: "warning";
  path: string;
  what: string;
  right: string;
}

const UNWORKABLE: readonly Unworkable[] = [
  {
    situation: "a gate too near to its station",
    replace: "id: g1, atMm: 3200,",
    by: "id: g1, atMm: 1400,",
    code: "CONFIG_BUDGET_GATE_TOO_NEAR",
    path: "belts[0].gates[0].atMm",
    what: 'gate "g1" needs 46.0 ms after the telegram and has -32.0 ms: 78.0 ms too few',
    right: "at least 1556 mm, 156 mm further downstream",
  },
  {
    situation: "a gate that has to rest longer than the gap lasts",
    replace: "id: g1, atMm: 3200,",
    by: "id: g1, restMs: 50, atMm: 3200,",
    code: "CONFIG_BUDGET_GAP",
    path: "belts[0].gates[0].sweptMm",
    what: 'gate "g1" demands a gap of 460 mm, the infeed guarantees 450 mm: 10 mm (4.8 ms) too little',
    right: "items.gapMm of 460, a slower belt, a faster gate or nearer eyes",
  },
  {
    situation: "a debounce that hides the shortest item",
    replace: "role: induction,",
    by: "role: induction, debounceMs: 45,",
    code: "CONFIG_BUDGET_EYE_TOO_SLOW",
    path: "belts[0].eyes[0].debounceMs",
    what: 'until a change at eye "induction" counts (45.0 ms and two samples of 7.0 ms) the belt travels 118 mm; the shortest item or gap is 100 mm',
    right: "below 36",
  },
  {
    situation: "a counter that may go half around between two samples",
    replace: "bits: 32, mmPerCount: 1",
    by: "bits: 16, mmPerCount: 0.005",
    code: "CONFIG_COUNTER_WRAPS",
    path: "belts[0].encoder.bits",
    what: 'half a turn of encoder "enc1" is 164 mm, and the belt may travel 171 mm between two samples: forth and back would look alike',
    right: "32 bits, or more mmPerCount",
  },
  {
    situation: "a gate that moves before its follower has come in",
    replace: "maxLengthMm: 270",
    by: "maxLengthMm: 3000",
    code: "CONFIG_BUDGET_GAP_NOT_SEEN",
    path: "belts[0].gates[0].atMm",
    what: 'when gate "g1" moves, 494 mm of the gap behind the item have not passed the induction eye',
    right: "at least 3695 mm, or an induction eye further upstream",
  },
  {
    situation: "a disk that takes the whole reaction",
    replace: "shareMs: 25",
    by: "shareMs: 40",
    code: "CONFIG_BUDGET_REACTION",
    path: "storage.shareMs",
    what: "loop, disk and bus take 61.0 ms, 11.0 ms above the bound of 50 ms",
    right: "a storage.shareMs of 29, or a device that answers faster",
  },
  {
    situation: "a gate slower than its gap",
    replace: "id: g4, atMm: 6200,  sweptMm: 120, travelMs: 50",
    by: "id: g4, atMm: 6200,  sweptMm: 120, travelMs: 80",
    code: "CONFIG_BUDGET_GAP",
    path: "belts[0].gates[3].sweptMm",
    what: 'gate "g4" demands a gap of 480 mm, the infeed guarantees 450 mm: 30 mm (15.2 ms) too little',
    right: "items.gapMm of 481, a slower belt, a faster gate or nearer eyes",
  },
  {
    situation: "a gate on a plain coil whose way home is seen a poll too late for the next parcel",
    site: "plain-coils",
    replace: "{ id: a3, atMm: 5800, sweptMm: 250",
    by: "{ id: a3, atMm: 5800, sweptMm: 255",
    code: "CONFIG_BUDGET_GAP",
    path: "belts[0].gates[2].sweptMm",
    what: 'gate "a3" demands a gap of 843 mm, the infeed guarantees 840 mm: 3 mm (1.5 ms) too little',
    right: "items.gapMm of 843, a slower belt, a faster gate or nearer eyes",
  },
  {
    situation: "a command window that closes only just",
    replace: "id: g4, atMm: 6200,  sweptMm: 120, travelMs: 50",
    by: "id: g4, atMm: 6200,  sweptMm: 120, travelMs: 72",
    code: "CONFIG_BUDGET_WINDOW_NARROW",
    severity: "warning",
    path: "belts[0].gates[3].sweptMm",
    what: 'the command of gate "g4" has a window of 8.8 ms: commands will be dropped as late',
    right: "at least 10.0 ms",
  },
  {
    situation: "an eye polled too slowly for the shortest item",
    replace: "pollMs: 5\n",
    by: "pollMs: 60\n",
    code: "CONFIG_BUDGET_EYE_TOO_SLOW",
    path: "belts[0].eyes[0].device",
    what: 'between two samples of eye "induction" (62.0 ms) the belt travels 124 mm; the shortest item or gap is 100 mm',
    right: "a poll of less than 50.0 ms, answers included",
  },
  {
    situation: "eyes too far apart for the drift between them",
    replace: "driftPercent: 0.5\n    items: { minLengthMm: 100,",
    by: "driftPercent: 10\n    items: { minLengthMm: 50,",
    code: "CONFIG_BUDGET_EYES_TOO_FAR",
    path: "belts[0].eyes[1].atMm",
    what: 'an item may arrive 251 mm off at eye "track1", and items may follow each other at 500 mm',
    right: 'an eye between "induction" and "track1": off by less than 250 mm',
  },
  {
    situation: "an eye before an outbound gate that blurs the length of a parcel",
    replace: "      - { id: track1, role: track, atMm: 2450, device: plc1, input: 1 }\n",
    by: "      - { id: track1, role: track, atMm: 2450, device: plc1, input: 1, debounceMs: 20 }\n",
    code: "CONFIG_EYE_BLURS_LENGTH",
    severity: "warning",
    path: "belts[0].eyes[1].debounceMs",
    what: 'the four edges at the induction and at eye "track1" leave up to 140 mm of a parcel\'s length open; the shortest item is 100 mm',
    right: "a shorter poll, or less debounce, at both: below 15 mm an edge",
  },
  {
    situation: "an eye before an outbound gate that only just tells the length of a parcel",
    replace: "      - { id: track1, role: track, atMm: 2450, device: plc1, input: 1 }\n",
    by: "      - { id: track1, role: track, atMm: 2450, device: plc1, input: 1, debounceMs: 8 }\n",
    code: "CONFIG_EYE_HARDLY_TELLS_LENGTH",
    severity: "warning",
    path: "belts[0].eyes[1].debounceMs",
    what: 'the four edges at the induction and at eye "track1" leave up to 80 mm of a parcel\'s length open; the shortest item is 100 mm',
    right: "a shorter poll, or less debounce, at both: below 15 mm an edge",
  },
  {
    situation: "an outbound gate without an eye right behind it",
    replace: "      - { id: past-g2, role: track, atMm: 4360, device: plc1, input: 3 }\n",
    by: "",
    code: "CONFIG_GATE_ZONE_UNSEEN",
    path: "belts[0].gates[1].atMm",
    what: 'a parcel may stand in the zone of gate "g2" unseen when the next one\'s command is due: the next eye, "past-g3", stands at 5360 mm',
    right: "a track eye at 4320 to 4499 mm",
  },
  {
    situation: "a storage gate without an eye right behind it",
    replace: "      - { id: past-g6, role: track, atMm: 8560, device: plc1, input: 17 }\n",
    by: "",
    code: "CONFIG_GATE_ZONE_UNSEEN",
    severity: "warning",
    path: "belts[0].gates[5].atMm",
    what: 'a parcel may stand in the zone of gate "g6" unseen when the next one\'s command is due: the next eye, "past-g7", stands at 9560 mm',
    right: "a track eye at 8520 to 8699 mm",
  },
  {
    situation: "a scan window that holds two items",
    replace: "toMm: 350",
    by: "toMm: 650",
    code: "CONFIG_BUDGET_SCAN_WINDOW",
    path: "belts[0].stations[0].toMm",
    what: 'two items 550 mm apart may both fit a telegram of station "top", whose window is 665 mm with errors',
    right: "at most 535 mm",
  },
  {
    situation: "a safe end smaller than what rides",
    replace: "reserveItems: 40",
    by: "reserveItems: 20",
    code: "CONFIG_SAFE_END_RESERVE",
    path: "belts[0].safeEnd.reserveItems",
    what: '28 items may ride when the infeed of "belt1" stops, and its safe end has room for 20',
    right: "a safe end with room for 28 items",
  },
  {
    situation: "a device without a watchdog",
    replace: "    watchdog: { kind: echo, counterRegister: 0, echoRegister: 0, timeoutMs: 300, outputsFallMs: 100 }\n",
    by: "",
    code: "CONFIG_WATCHDOG_MISSING",
    path: "devices[0].watchdog",
    what: '"plc1" has no watchdog: nothing would ever be armed on it',
    right: "the watchdog of the device",
  },
  {
    situation: "outputs that stay too long when the PLC's program stands",
    replace: "outputsFallMs: 100",
    by: "outputsFallMs: 200",
    code: "CONFIG_GATE_STAYS_OUT",
    path: "devices[0].watchdog.outputsFallMs",
    what:
      'when the program of "plc1" stands while gate "g8" is out, the gate sweeps 500 mm on, v × (F + R); ' +
      "of the gap of 450 mm 400 mm are certain when it is measured",
    right: "outputs that fall within 149 ms by their own watchdog, a faster gate or a wider gap",
  },
  {
    situation: "a plain coil without a watchdog",
    site: "plain-coils",
    replace:
      "    watchdog: { kind: echo, counterRegister: 0, echoRegister: 0, timeoutMs: 150, whenTripped: refusesWrites }\n",
    by: "",
    code: "CONFIG_LATE_COMMAND_OPEN",
    path: "belts[0].gates[0].drive",
    what: 'gate "a1" is a plain coil, and "io-a" has no watchdog: a forgotten command would never end',
    right: "a device with a watchdog, or a drive of kind mailbox",
  },
  {
    situation: "a plain coil on a device that obeys after its watchdog tripped",
    site: "plain-coils",
    replace: ", whenTripped: refusesWrites",
    by: "",
    code: "CONFIG_LATE_COMMAND_OPEN",
    path: "belts[0].gates[0].drive",
    what: '"io-a" obeys writes after its watchdog tripped: a late command at gate "a1" has no bound',
    right: "whenTripped: refusesWrites in the device's watchdog, if its manual says so; else a drive of kind mailbox",
  },
  {
    situation: "a plain coil whose watchdog is longer than the gap",
    site: "plain-coils",
    replace: "timeoutMs: 150,",
    by: "timeoutMs: 200,",
    code: "CONFIG_LATE_COMMAND_OPEN",
    path: "belts[0].gates[0].drive",
    what: 'a late command at gate "a1" may sweep 925 mm, v × (2W + R); of the gap of 840 mm 776 mm are certain when it is measured',
    right: "a watchdog below 159.8 ms, a slower belt or a wider gap",
  },
  {
    situation: "a plain storage gate whose watchdog is longer than the gap",
    site: "plain-coils",
    replace: "timeoutMs: 150,",
    by: "timeoutMs: 200,",
    code: "CONFIG_LATE_COMMAND_OPEN",
    severity: "warning",
    path: "belts[0].gates[3].drive",
    what: 'a late command at gate "a4" may sweep 925 mm, v × (2W + R); of the gap of 840 mm 774 mm are certain when it is measured',
    right: "a watchdog below 159.2 ms, a slower belt or a wider gap",
  },
  {
    situation: "a plain coil on a belt that nothing would stop",
    site: "plain-coils",
    replace:
      "    pollMs: 10\n    watchdog: { kind: echo, counterRegister: 0, echoRegister: 0, timeoutMs: 4000, whenTripped: refusesWrites }\n",
    by: "    pollMs: 10\n",
    code: "CONFIG_LATE_COMMAND_OPEN",
    path: "belts[0].gates[0].drive",
    what: 'nothing stops belt "belt-a" when "io-a" trips: "permits" has no watchdog',
    right: "a run permit on a device with a watchdog",
  },
  {
    situation: "a watchdog that polls cannot feed",
    replace: "timeoutMs: 300, outputsFallMs: 100 }",
    by: "timeoutMs: 20 }",
    code: "CONFIG_WATCHDOG_TOO_SHORT",
    path: "devices[0].watchdog.timeoutMs",
    what: 'the watchdog of "plc1" trips after 20.0 ms, but is fed every 7.0 ms at best',
    right: "at least 42.0 ms, or a shorter pollMs",
  },
  {
    situation: "a watchdog that only a real-time process feeds in time",
    replace: "timeoutMs: 300, outputsFallMs: 100 }",
    by: "timeoutMs: 150 }",
    code: "CONFIG_WATCHDOG_NEEDS_REAL_TIME",
    severity: "warning",
    path: "devices[0].watchdog.timeoutMs",
    what: 'the watchdog of "plc1" trips after 150.0 ms; without real-time priority the loop was seen to stand still for 180 ms',
    right: "real-time priority for the controller, or 180 ms and more",
  },
  {
    situation: "a gate's watchdog longer than the permits'",
    replace: "timeoutMs: 4000 }",
    by: "timeoutMs: 250 }",
    code: "CONFIG_WATCHDOG_ORDER",
    severity: "warning",
    path: "devices[0].watchdog.timeoutMs",
    what: 'the watchdog of "plc1" (300.0 ms) is longer than that of "permits" (250.0 ms): the belt would stop before the gates are home',
    right: "below 250.0 ms",
  },
  {
    situation: "a poll that leaves no room on its bus",
    replace: "pollMs: 5\n",
    by: "pollMs: 2\n",
    code: "CONFIG_BUS_OVERLOADED",
    path: "devices[0].pollMs",
    what: 'polls take 104 % of the time of "plc1"',
    right: "at most 80 %: a longer pollMs, packed inputs, or a device that answers faster",
  },
  {
    situation: "a scanner on a slow line",
    replace: "baud: 115200",
    by: "baud: 9600",
    code: "CONFIG_SCANNER_SLOW_LINE",
    severity: "warning",
    path: "scanners[0].baud",
    what: 'the longest telegram of "scan1" takes 266.7 ms on the wire at 9600 baud',
    right: "57600 baud or more",
  },
  {
    situation: "a port whose name goes to whoever is plugged in first",
    replace: "path: /dev/serial/by-id/scan1",
    by: "path: /dev/ttyUSB0",
    code: "CONFIG_SCANNER_PORT_NAME",
    severity: "warning",
    path: "scanners[0].path",
    what: "/dev/ttyUSB0 goes to whichever adapter is plugged in first",
    right: "the adapter's path under /dev/serial/by-id, which stays with it",
  },
  {
    situation: "a scanner that says nothing when it reads nothing",
    replace: "noRead: NOREAD",
    by: "noRead: null",
    code: "CONFIG_SCANNER_SILENT_NO_READ",
    severity: "warning",
    path: "scanners[0].framing",
    what: '"scan1" says nothing of a parcel that it does not read, so that nobody can tell that from a telegram held back on its way',
    right: "a no-read text on the scanner, and the same as noRead",
  },
  {
    situation: "a network that lets a telegram come so late that two parcels fit it",
    replace: "driver: serial\n    path: /dev/serial/by-id/scan1",
    by: "driver: serial-tcp\n    host: 10.0.0.9\n    port: 4001\n    transitMs: 120",
    code: "CONFIG_BUDGET_SCAN_WINDOW",
    path: "belts[0].stations[0].toMm",
    what: 'two items 550 mm apart may both fit a telegram of station "top", whose window is 602 mm with errors',
    right: "at most 298 mm",
  },
];

describe("a site that cannot work", () => {
  test.each(UNWORKABLE)("for $situation: $code", (wrong) => {
    const file = wrong.file ?? "line.yaml";
    const problems = checked(edited(file, wrong.replace, wrong.by, wrong.site).texts);
    const found = problems.find(({ code, path }) => code === wrong.code && path === wrong.path);
    const { what, right, severity = "error" } = wrong;
    expect(found, JSON.stringify(problems, null, 1)).toMatchObject({ file, what, right, severity });
  });

  test("for one late command says so once a gate, not as a missing gap too", () => {
    const problems = checked(edited("line.yaml", "timeoutMs: 150,", "timeoutMs: 200,", "plain-coils").texts);
    expect(problems.filter(({ code }) => code !== "CONFIG_WATCHDOG_NEEDS_REAL_TIME").map(({ code }) => code)).toEqual(
      Array.from({ length: 4 }, () => "CONFIG_LATE_COMMAND_OPEN"),
    );
  });
});

test("a scanner behind a network takes its way from every gate's time, and widens the window by it", () => {
  const { texts } = edited(
    "line.yaml",
    "driver: serial\n    path: /dev/serial/by-id/scan1",
    "driver: serial-tcp\n    host: 10.0.0.9\n    port: 4001\n    transitMs: 30",
  );
  const proof = prove(siteFacts(loadedSite(texts)));
  expect(proof.findings).toEqual([]);
  // 869.5 ms as over a serial port (below), less 30.
  expect(proof.gates[0]!.haveNs).toBe(839_125_000);
});

test("a station before the induction eye is proved: what it reads waits, and gates have as much less time", () => {
  const { texts } = edited("line.yaml", "role: induction, atMm: 200", "role: induction, atMm: 1700");
  const proof = prove(siteFacts(loadedSite(texts)));
  expect(proof.findings).toEqual([]);
  // Understood at 1700 mm, two samples of 7 ms at 2 m/s, the window of 300 mm, twice the drift over 650 mm, and two samples more until
  // the eye is known to have been asked there.
  expect(proof.gates[0]!.haveNs).toBe(((3200 - 100 - 11.75 - (1700 + 28 + 300 + 2 * 3.25 + 28)) / 2) * 1e6);
});

describe("the examples close", () => {
  const proofOf = (name: ExampleName) => prove(siteFacts(loadedSite(exampleTexts(name))));

  test("common-line without any finding: late commands are excluded", () => {
    const proof = proofOf("common-line");
    expect(proof.findings).toEqual([]);
    expect(proof.combinations).toBe(47);
    expect(new Set(proof.commands.map(({ late }) => late))).toEqual(new Set(["excluded"]));
  });

  test("plain-coils with a word about real-time priority: late commands are bounded", () => {
    const proof = proofOf("plain-coils");
    expect(proof.findings.map(({ code }) => code)).toEqual([
      "CONFIG_WATCHDOG_NEEDS_REAL_TIME",
      "CONFIG_WATCHDOG_NEEDS_REAL_TIME",
    ]);
    expect(new Set(proof.commands.map(({ late }) => late))).toEqual(new Set(["bounded"]));
    expect(proof.gates.map(({ gap }) => gap.lateUm)).toEqual(Array.from({ length: 7 }, () => 740_000));
  });

  test("with the figures that a pencil gives for the first gate", () => {
    const [g1] = proofOf("common-line").gates;
    // Error: half of 7 ms at 2 m/s, one count, and 0.5 % of the 750 mm since track1.
    expect(g1).toMatchObject({ errorUm: 7000 + 1000 + 3750, needNs: 46_000_000 });
    // Window: 450 mm less 120 swept, 200 for two swings, 23.5 for two errors.
    expect(g1).toMatchObject({ windowUm: 106_500, windowNs: 53_250_000 });
    // From 1350 mm to 3200 mm less one swing and the error: 1738.25 mm at 2 m/s.
    expect(g1!.haveNs).toBe(869_125_000);
  });
});
