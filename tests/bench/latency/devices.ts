// Scanners and PLCs of the latency benchmark, timed by one clock at both ends: devices.ts <folder for links> <tcp|rtu|opcua> [first belt [belts]]
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { openPtyScanner, type WireScanner } from "../../../simulators/wired/scanner/pty-scanner.ts";
import { COMMAND_FRAME } from "./bare-telegram.ts";
import { BeltPlc, type MeasuredBelt } from "./belt-plc.ts";
import { BeltProcess } from "./belt-process.ts";
import { type BenchAddress, BenchPlc, nowNs } from "./bench-plc.ts";
import { matched } from "./matching.ts";
import type { FromDevices, Reaction, Shift, ToDevices } from "./messages.ts";
import { OwnStall, TICK_MS } from "./own-stall.ts";
import { BELT_PLC, PermitRelays } from "./short-belt.ts";
import { beltNames, benchOf, FRAMING, indexesOf, permitsOf } from "./site.ts";
import { benchWaybill } from "./waybills.ts";
import { WIRING } from "./wiring.ts";

/** After the last telegram every command has come, or comes no more. */
const QUIET_NS = 500e6;
/** So often that a stall of 20 ms meets one of them. */
const BARE_PER_S = 50;

interface Belt {
  plc: MeasuredBelt;
  scanner: WireScanner;
  /** Telegrams to come, the next one last: when, and whether they are measured. */
  planned: { atNs: number; text: string; isMeasured: boolean }[];
  /** Telegrams that were sent. */
  sent: Reaction[];
}

const [folder, bus, firstText = "0", beltsText] = process.argv.slice(2);
if (folder === undefined || (bus !== "tcp" && bus !== "rtu" && bus !== "opcua"))
  throw new Error("usage: devices.ts <folder for links> <tcp|rtu|opcua> [first belt [belts]]");
const FIRST = Number(firstText);
const BENCH = benchOf(bus, beltsText === undefined ? undefined : Number(beltsText));
const PERMITS = permitsOf(FIRST);
/** The bare loop is that of the first belts; others beside them have none. */
const hasBareLoop = FIRST === 0;

const ports: Record<string, number> = {};
const lines: Record<string, string> = {};
const ttys: Record<string, string> = {};
const relays = new PermitRelays();
const ownStall = new OwnStall(nowNs());

const belts: Belt[] = [];
// One after the other: OPC UA servers share the folder of their certificate, which the first one makes.
for (const index of indexesOf({ first: FIRST, bench: BENCH })) belts.push(await startBelt(index, folder));
const permits = new BenchPlc({
  plan: {
    ...BELT_PLC,
    deviceId: PERMITS,
    watchdog: { ...WIRING.watchdog, timeoutMs: 4000 },
    gates: [],
    relays: Array.from({ length: 2 * BENCH.belts }, (_, coil) => ({ coil, terminal: coil })),
  },
  terminals: relays,
});
addressed(PERMITS, await permits.serve("tcp", folder));
const bare = await startBare(folder);

let parcels: Reaction[] = [];
let isWorking = false;
let quietFromNs = 0;
setInterval(tick, TICK_MS);
process.on("message", (message: ToDevices) => {
  if (message.kind === "areReady") areReady().then((isReady) => tell({ kind: "ready", isReady }), fail);
  else begin(message.shift);
});
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
tell({ kind: "listening", ports, lines, ttys, bare: { port: bare.port, tty: bare.tty } });

async function startBelt(index: number, links: string): Promise<Belt> {
  const { device, scanner: scannerId } = beltNames(index);
  const linkPath = join(links, scannerId);
  const scanner = openPtyScanner({ linkPath, baud: null });
  ttys[scannerId] = linkPath;
  const plc =
    bus === "opcua" ? new BeltProcess({ index, bus }) : new BeltPlc({ index, bus: bus as "tcp", bench: BENCH });
  addressed(device, await plc.serve(links));
  return { plc, scanner, planned: [], sent: [] };
}

function addressed(device: string, address: BenchAddress): void {
  if ("port" in address) ports[device] = address.port;
  else lines[device] = address.line;
}

/** The bare loop's own tty and connection: a telegram out, a request of a command's length back. */
async function startBare(links: string) {
  const linkPath = join(links, "bare");
  const scanner = openPtyScanner({ linkPath, baud: null });
  const state = { tty: linkPath, port: 0, scanner, isConnected: false, nextNs: 0, samples: [] as Reaction[] };
  const server = createServer({ noDelay: true }, (socket: Socket) => {
    state.isConnected = true;
    let bytes = 0;
    socket.on("data", (chunk) => {
      const atNs = nowNs();
      bytes += chunk.length;
      if (bytes < COMMAND_FRAME.length) return;
      bytes -= COMMAND_FRAME.length;
      // One telegram is out at a time.
      const last = state.samples.at(-1);
      if (last !== undefined) last.ns = atNs - last.atNs;
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      state.isConnected = false;
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  state.port = typeof address === "object" && address !== null ? address.port : 0;
  return state;
}

async function areReady(): Promise<boolean> {
  const armed = await Promise.all(belts.map(({ plc }) => plc.isArmed()));
  const isOpen = permits.isArmed() && relays.on.size === 2 * BENCH.belts;
  return isOpen && armed.every((isArmed) => isArmed) && (bare.isConnected || !hasBareLoop);
}

/** Parcels come evenly over the belts, each as much off its time as the guaranteed gap leaves room for. */
function begin({ ratePerS, parcels: measured, warmUp, firstParcel }: Shift): void {
  const periodNs = (BENCH.belts * 1e9) / ratePerS;
  const roomNs = periodNs - ((BENCH.itemMm + BENCH.gapMm) * 1e9) / BENCH.speedMmPerS;
  if (roomNs <= 0) throw new RangeError(`${ratePerS} parcels a second leave no gap of ${BENCH.gapMm} mm`);
  const firstNs = nowNs() + 1e9;
  for (let number = 0; number < warmUp + measured; number += 1) {
    const belt = belts[number % BENCH.belts] as Belt;
    const atNs = firstNs + (number * 1e9) / ratePerS + (Math.random() - 0.5) * roomNs;
    const text = `${FRAMING.start}]C0${benchWaybill(firstParcel + number)}${FRAMING.end}`;
    belt.planned.push({ atNs, text, isMeasured: number >= warmUp });
    quietFromNs = Math.max(quietFromNs, atNs + QUIET_NS);
  }
  for (const belt of belts) {
    belt.plc.begin(belt.planned.map(({ atNs }) => atNs));
    belt.planned.reverse(); // The next one is the last: taking it off costs nothing.
    belt.sent = [];
  }
  parcels = [];
  bare.samples = [];
  bare.nextNs = firstNs;
  ownStall.begin();
  isWorking = true;
}

function tick(): void {
  const tickNs = nowNs();
  ownStall.tick(tickNs);
  permits.tick();
  for (const { plc } of belts) plc.tick();
  if (!isWorking) return;
  for (const belt of belts) speak(belt, tickNs);
  speakBare(tickNs);
  if (tickNs > quietFromNs) finish().catch(fail);
}

function speak(belt: Belt, tickNs: number): void {
  const next = belt.planned.at(-1);
  if (next === undefined || next.atNs > tickNs) return;
  belt.planned.pop();
  const reaction: Reaction = { atNs: tickNs, ns: null };
  belt.sent.push(reaction);
  if (next.isMeasured) parcels.push(reaction);
  // The time is taken just before the last byte goes to the kernel: no reader can have had it earlier.
  belt.scanner.send(Buffer.from(next.text, "latin1")).then((lastByteNs) => {
    reaction.atNs = lastByteNs;
  }, fail);
}

function speakBare(tickNs: number): void {
  if (!hasBareLoop || tickNs < bare.nextNs) return;
  // Not in step with the parcels, and only one at a time: a stall is seen whole.
  bare.nextNs = tickNs + ((0.5 + Math.random()) * 1e9) / BARE_PER_S;
  const last = bare.samples.at(-1);
  if (last !== undefined && last.ns === null) return;
  const sample: Reaction = { atNs: tickNs, ns: null };
  bare.samples.push(sample);
  bare.scanner.send(Buffer.from(`${FRAMING.start}]C0${benchWaybill(0)}${FRAMING.end}`, "latin1")).then((lastByteNs) => {
    sample.atNs = lastByteNs;
  }, fail);
}

async function finish(): Promise<void> {
  isWorking = false;
  const records = await Promise.all(belts.map(({ plc }) => plc.record()));
  const sum = (of: (record: (typeof records)[number]) => number): number =>
    records.reduce((total, record) => total + of(record), 0);
  const counts = records.map(({ commands }, at) => matched((belts[at] as Belt).sent, commands));
  const stalls = records.flatMap(({ ownStall: stall }) => (stall === null ? [] : [stall]));
  tell({
    kind: "done",
    record: {
      ...{ parcels, bare: bare.samples },
      refused: counts.reduce((total, { refused }) => total + refused, 0),
      unasked: counts.reduce((total, { unasked }) => total + unasked, 0),
      missed: sum(({ missed }) => missed),
      trips: sum(({ trips }) => trips),
      ownStall: ownStall.longest,
      serverStall: stalls.length === 0 ? null : stalls.reduce((a, b) => (b.ms > a.ms ? b : a)),
    },
  });
}

function tell(message: FromDevices): void {
  process.send?.(message);
}

function fail(error: unknown): never {
  process.stderr.write(`devices of the benchmark: ${String(error)}\n`);
  process.exit(1);
}
