// The site of the latency benchmark: twelve short belts, each with a judging gate right behind its scanner.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { builtCompany } from "../build-releases.ts";
import { overOpcUa } from "./opcua-plc.ts";
import { WIRING } from "./wiring.ts";

/**
 * Places along each belt in mm, and times: numbers of their own, so that 100 parcels a second fit, and so that each
 * command is due when its telegram comes and has some 29 ms before it is too late to be sent. `coline check` proves them.
 */
const TCP = {
  belts: 12,
  speedMmPerS: 5000,
  minSpeedMmPerS: 500,
  itemMm: 160,
  /** 100 parcels a second come 600 mm apart on their belts. A poll of a belt 21 ms late still sees the shortest parcel. */
  gapMm: 425,
  mmPerCount: 0.1,
  beltMm: 2000,
  inductionMm: 100,
  stationMm: 1300,
  /** Where a front is when its telegram is sent. */
  telegramAtMm: 1345,
  /** The reading's window: a telegram that the kernel of a busy machine hands over 25 ms late still finds its parcel. */
  windowMm: 50,
  /** Behind the reading: until here a position may be wrong by 8 % of the way, so that late telegrams are still matched. */
  trackMm: 1480,
  gateMm: 1625,
  sweptMm: 5,
  gateTravelMs: 1,
  /** Right behind the gate's zone. */
  pastMm: 1650,
  endMm: 1950,
  busMs: 20,
  diskShareMs: 10,
  pollMs: 10,
};

export type Bench = Readonly<typeof TCP>;
export type BenchBus = "tcp" | "rtu" | "opcua";

/**
 * On a serial line of its own a belt's poll takes 8 ms and a command as long: with polls every 20 ms a slower belt gives an
 * eye the same error, and 20 parcels a second fit. Here too each command is due when its telegram comes.
 */
export const BENCHES: Readonly<Record<BenchBus, Bench>> = {
  tcp: TCP,
  rtu: { ...TCP, speedMmPerS: 3000, minSpeedMmPerS: 300, busMs: 25, pollMs: 20 },
  // A read costs about a millisecond on either side: half as many devices, polled half as often.
  opcua: { ...TCP, belts: 6, speedMmPerS: 3000, minSpeedMmPerS: 300, busMs: 25, pollMs: 20 },
};

/** @param belts how many there are; left out: as many as the bus is measured with */
export const benchOf = (bus: BenchBus, belts = BENCHES[bus].belts): Bench => ({ ...BENCHES[bus], belts });

/** A character is start bit, eight bits, even parity and stop bit. */
export const SERIAL = { baud: 115_200, bitsPerCharacter: 11 } as const;

export const beltNames = (index: number) => ({
  belt: `belt-${index}`,
  device: `plc-${index}`,
  scanner: `scan-${index}`,
  gate: `gate-${index}`,
  outbound: `out-${index}`,
  safeEnd: `end-${index}`,
});

/** The device of all line permits of the belts from this one on. */
export const permitsOf = (first: number): string => (first === 0 ? "permits" : `permits-${first}`);

export const FRAMING = { start: "\u0002", end: "\u0003", separator: ";", noRead: "NOREAD", heartbeat: "HB" } as const;

export interface BenchAddresses {
  /** TCP port by device, of those that have one. */
  ports: Readonly<Record<string, number>>;
  /** Path of the serial line by device, of those that have one. */
  lines: Readonly<Record<string, string>>;
  /** Path of the tty by scanner. */
  ttys: Readonly<Record<string, string>>;
}

/** Belts on one bus, numbered on from `first`. */
export interface BeltGroup extends BenchAddresses {
  bus: BenchBus;
  first: number;
  bench: Bench;
}

/** Writes the site's four files into `folder`, which is made. `dataFolder` absolute. */
export function writeSite(folder: string, o: { groups: readonly BeltGroup[]; dataFolder: string }): void {
  mkdirSync(folder, { recursive: true });
  const files = {
    line: lineOf(o),
    chutes: chutesOf(o.groups.flatMap(indexesOf)),
    customs: CUSTOMS,
    gateway: GATEWAY,
  };
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, `${name}.yaml`), stringify(content, { aliasDuplicateObjects: false }));
}

const CUSTOMS = {
  freshness: { maxAgeMs: 60_000 },
  codes: [{ id: "s10", pattern: "[A-Z]{2}[0-9]{9}[A-Z]{2}", check: "s10", companies: [builtCompany], rank: 1 }],
};

/** The gateway takes a free port and says which. */
const GATEWAY = { api: { host: "127.0.0.1", port: 0 }, tokens: [] };

export const indexesOf = ({ first, bench }: Pick<BeltGroup, "first" | "bench">): number[] =>
  Array.from({ length: bench.belts }, (_, index) => first + index);

function lineOf({ groups, dataFolder }: { groups: readonly BeltGroup[]; dataFolder: string }): object {
  return {
    plant: "simulated",
    site: "latency-bench",
    dataFolder,
    storage: { shareMs: TCP.diskShareMs, minFreeMb: 512 },
    devices: groups.flatMap(devicesOf),
    belts: groups.flatMap((group) => indexesOf(group).map((index) => beltOf(index, group))),
    scanners: groups.flatMap((group) =>
      indexesOf(group).map((index) => {
        const id = beltNames(index).scanner;
        const path = group.ttys[id];
        return { id, driver: "serial", path, silenceMs: 60_000, framing: { ...FRAMING, aimPrefix: true } };
      }),
    ),
  };
}

function devicesOf(o: BeltGroup): object[] {
  const overTcp = (id: string) => ({ id, driver: "modbus-tcp", host: "127.0.0.1", port: o.ports[id], unit: 1 });
  const onLine = (id: string) => ({
    ...{ id, driver: "modbus-rtu", line: o.lines[id], baud: SERIAL.baud, unit: 1, replyFloorMs: 1 },
  });
  const map = { packedInputs: { register: WIRING.packedRegister, words: 1 }, watchdog: WIRING.watchdog };
  const entryOf = (id: string): object => {
    if (o.bus === "opcua") return overOpcUa(id, o.ports[id]);
    return { ...(o.bus === "rtu" ? onLine(id) : overTcp(id)), ...map };
  };
  return [
    ...indexesOf(o).map((index) => ({
      ...entryOf(beltNames(index).device),
      timeoutMs: 200,
      pollMs: o.bench.pollMs,
    })),
    { ...overTcp(permitsOf(o.first)), timeoutMs: 500, pollMs: 100, watchdog: { ...WIRING.watchdog, timeoutMs: 4000 } },
  ];
}

function beltOf(index: number, { bench, first }: BeltGroup): object {
  const permits = permitsOf(first);
  const { belt, device, scanner, gate, outbound, safeEnd } = beltNames(index);
  const eye = (name: keyof typeof WIRING.eyes, atMm: number) => ({
    id: `${name}-${index}`,
    role: name === "past" ? "track" : name,
    atMm,
    device,
    input: WIRING.eyes[name],
  });
  return {
    id: belt,
    lengthMm: bench.beltMm,
    speedMmPerS: bench.speedMmPerS,
    minSpeedMmPerS: bench.minSpeedMmPerS,
    coastMm: 500,
    driftPercent: 8,
    items: { minLengthMm: bench.itemMm - 5, maxLengthMm: 2 * bench.itemMm, gapMm: bench.gapMm },
    encoder: {
      id: `encoder-${index}`,
      device,
      register: WIRING.counterRegister,
      bits: 32,
      mmPerCount: bench.mmPerCount,
    },
    runPermit: { device: permits, coil: 2 * (index - first) },
    infeedPermit: { device: permits, coil: 2 * (index - first) + 1 },
    safeEnd: { chute: safeEnd, reserveItems: 100_000 },
    eyes: [
      eye("induction", bench.inductionMm),
      eye("track", bench.trackMm),
      eye("past", bench.pastMm),
      eye("end", bench.endMm),
    ],
    stations: [{ id: `station-${index}`, atMm: bench.stationMm, fromMm: 0, toMm: bench.windowMm, scanners: [scanner] }],
    gates: [
      {
        id: gate,
        atMm: bench.gateMm,
        sweptMm: bench.sweptMm,
        travelMs: bench.gateTravelMs,
        busMs: bench.busMs,
        device,
        chutes: [outbound],
        drive: {
          kind: "mailbox",
          register: WIRING.mailboxRegister,
          status: WIRING.statusRegister,
          positions: { [outbound]: WIRING.positionCode },
        },
      },
    ],
  };
}

/** Outbound chutes of one stream, one per belt; their parcels count as gone soon after the gate. */
function chutesOf(indexes: readonly number[]): object {
  return {
    chutes: indexes.flatMap((index) => {
      const { outbound, safeEnd } = beltNames(index);
      const zone = { kind: "outbound", stream: "cbec", direction: "import" };
      return [
        { id: outbound, zone, slideMs: [10, 50] },
        { id: safeEnd, zone: { kind: "abnormal" } },
      ];
    }),
    routes: [
      {
        id: "released",
        when: { disposition: "released", stream: "cbec", direction: "import" },
        to: indexes.map((index) => beltNames(index).outbound),
      },
    ],
  };
}
