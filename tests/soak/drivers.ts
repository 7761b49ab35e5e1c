// Disturbs each driver thousands of times, and says what it holds on to before and after: handles, listeners, memory.
// `npm run soak:drivers -- --cycles 10000 --rigs 6 --only modbus-tcp,serial`
import { parseArgs } from "node:util";
import { serialDriver } from "../../drivers/scanners/serial-scanner.ts";
import { serialScannerSchema } from "../../drivers/scanners/serial-schema.ts";
import { tcpDriver } from "../../drivers/scanners/tcp-scanner.ts";
import { tcpScannerSchema } from "../../drivers/scanners/tcp-schema.ts";
import { textTable } from "../../src/cli/text-table.ts";
import { openModbusRig } from "../contract/modbus-rig.ts";
import { OpcUaBench, uaPlan } from "../contract/opcua-rig.ts";
import { openRtuRig } from "../contract/rtu-rig.ts";
import { type DriverCase, type OpenCase, patience } from "./fault-cycles/case.ts";
import { plcCase } from "./fault-cycles/plc-case.ts";
import { differences, type Resources, resources } from "./fault-cycles/resources.ts";
import { scannerCase } from "./fault-cycles/scanner-case.ts";

const { values } = parseArgs({
  options: {
    /** Of each driver. */
    cycles: { type: "string", default: "10000" },
    /** Devices of a kind that are disturbed at the same time. */
    rigs: { type: "string", default: "6" },
    /** Seconds that a fault may take; more than the default on a machine that is busy elsewhere. */
    within: { type: "string", default: "30" },
    /** Names, separated by commas; left out: all. */
    only: { type: "string" },
  },
});
const [cycles, rigs] = [Number(values.cycles), Number(values.rigs)];
patience.ms = Number(values.within) * 1000;
/** A machine that is busy elsewhere is no silent scanner. */
const settings = { silenceMs: 3_600_000, framing: { maxBytes: 64 } };

/**
 * Most of a cycle over OPC UA is the driver's wait before it connects again, two seconds after a few faults in a row. A plant
 * that moves and is polled more seldom costs no more than a fault does, so that many can wait at the same time.
 */
const IDLE_MS = 10;
const WATCHDOG = { kind: "echo", counterRegister: 0, echoRegister: 1, timeoutMs: 1500 } as const;

const cases: readonly DriverCase[] = [
  scannerCase({
    ...{ name: "serial", wire: "pty" },
    make: (path, clock) =>
      serialDriver.make({
        config: serialScannerSchema.parse({ id: "scan1", driver: "serial", path, ...settings }),
        clock,
      }),
  }),
  scannerCase({
    ...{ name: "serial-tcp", wire: "tcp" },
    make: (address, clock) => {
      const [, host, port] = address.split(":");
      const keys = { id: "scan1", driver: "serial-tcp", host, port: Number(port), settleMs: 0, ...settings };
      return tcpDriver.make({ config: tcpScannerSchema.parse(keys), clock });
    },
  }),
  plcCase("modbus-tcp", openModbusRig),
  plcCase("modbus-rtu", openRtuRig),
  plcCase("opcua", async () => {
    const { plc } = uaPlan({ certificates: "" });
    const bench = await OpcUaBench.start({
      plc: { ...plc, scanMs: IDLE_MS, watchdog: { ...WATCHDOG, echoRegister: 0 } },
    });
    const rig = await bench.rig({
      // On a machine that is busy elsewhere everything takes longer than in a test.
      connectMs: Math.max(500, Math.round(patience.ms / 15)),
      timeoutMs: 200,
      pollMs: 5 * IDLE_MS,
      watchdog: WATCHDOG,
    });
    return {
      ...rig,
      async close() {
        await rig.close();
        await bench.stop();
      },
    };
  }),
];

/** Ctrl-C: what has been done by then is told, of the driver that is being disturbed, and the others are left out. */
let isStopped = false;
process.on("SIGINT", () => {
  isStopped = true;
});

/** Of the memory that is left after a tenth of the cycles, what may be more at the end: code that was compiled meanwhile. */
const GROWTH_MB = 3;
const only = values.only?.split(",") ?? cases.map(({ name }) => name);
const rows: string[][] = [];
const failures: string[] = [];

for (const driver of cases.filter(({ name }) => only.includes(name))) {
  if (isStopped) break;
  // What a driver loads when it is opened for the first time stays too.
  await (await driver.open()).close();
  const beforeOpening = await resources();
  // One after the other: what starts takes the processor from those that are to answer in time.
  const opened: OpenCase[] = [];
  while (opened.length < rigs) opened.push(await driver.open());
  // Each fault once: whatever is made at its first time stays.
  for (let nth = 0; nth < driver.faults.length; nth += 1) await Promise.all(opened.map((rig) => rig.cycle(nth)));
  const areAtRest = (): boolean => opened.every((rig) => rig.isAtRest());
  const before = await resources(areAtRest);
  const tenth = await cyclesOf(driver, opened, { from: 0, until: Math.ceil(cycles / 10) });
  const early = await resources(areAtRest);
  const done = await cyclesOf(driver, opened, { from: tenth, until: cycles });
  const after = await resources(areAtRest);
  for (const rig of opened) await rig.close();
  const closed = await resources();
  report(driver, { done, beforeOpening, before, early, after, closed });
}

process.stdout.write(
  `\n${textTable(
    [
      { title: "driver" },
      { title: "cycles", align: "right" },
      { title: "what is held" },
      { title: "before" },
      { title: "after" },
      { title: "closed" },
    ],
    rows,
  ).join("\n")}\n`,
);
for (const failure of failures) process.stdout.write(`${failure}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** @returns how many have been done by then, those before `o.from` among them */
async function cyclesOf(
  { name }: DriverCase,
  opened: readonly { cycle(nth: number): Promise<void> }[],
  o: { from: number; until: number },
): Promise<number> {
  let next = o.from;
  await Promise.all(
    opened.map(async (rig) => {
      while (next < o.until && !isStopped) {
        const nth = next;
        next += 1;
        try {
          await rig.cycle(nth);
        } catch (error) {
          throw new Error(`${name}, cycle ${nth}`, { cause: error });
        }
        if ((nth + 1) % 1000 === 0) process.stderr.write(`${name}: ${nth + 1} of ${cycles}\n`);
      }
    }),
  );
  return next;
}

function report(
  { name }: DriverCase,
  o: {
    done: number;
    beforeOpening: Resources;
    before: Resources;
    early: Resources;
    after: Resources;
    closed: Resources;
  },
): void {
  const kinds = [...new Set([o.before, o.after, o.closed].flatMap(({ handles }) => Object.keys(handles)))].sort();
  const row = (what: string, of: (held: Resources) => number | string): void => {
    const isFirst = rows.at(-1)?.[0] !== name && !rows.some(([driver]) => driver === name);
    rows.push([
      isFirst ? name : "",
      isFirst ? String(o.done) : "",
      what,
      ...[o.before, o.after, o.closed].map((held) => String(of(held))),
    ]);
  };
  for (const kind of kinds) row(kind, ({ handles }) => handles[kind] ?? 0);
  row("file descriptors", (held) => held.fileDescriptors);
  row("listeners of the process", (held) => held.listeners);
  row("heap, MB", (held) => held.heapMb.toFixed(1));
  failures.push(
    ...differences(o.before, o.after).map((text) => `${name}: ${text} ${o.done} cycles`),
    ...differences(o.beforeOpening, o.closed).map((text) => `${name}, closed: ${text}`),
  );
  if (o.after.heapMb > o.early.heapMb + GROWTH_MB)
    failures.push(`${name}: the heap grew from ${o.early.heapMb.toFixed(1)} to ${o.after.heapMb.toFixed(1)} MB`);
}
