// Scanners and PLCs of the latency benchmark in one process, so that one clock times both ends: devices.ts <folder for links> <tcp|rtu|opcua>
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { CycleClock } from "../../../simulators/wired/plc/cycle-clock.ts";
import { PlcProgram } from "../../../simulators/wired/plc/program.ts";
import type { PlcRequest } from "../../../simulators/wired/plc/request.ts";
import { ModbusServer } from "../../../simulators/wired/plc/server.ts";
import { openPtyScanner, type WireScanner } from "../../../simulators/wired/scanner/pty-scanner.ts";
import type { PlcPlan, PlcTerminals } from "../../../simulators/wired/terminals.ts";
import { COMMAND_FRAME } from "./bare-telegram.ts";
import type { FromDevices, Reaction, Shift, ToDevices } from "./messages.ts";
import { serveOverOpcUa } from "./opcua-plc.ts";
import { serveOnLine } from "./serial-plc.ts";
import { BELT_PLC, GATE_OUTPUT, PermitRelays, ShortBelt, SWITCHES } from "./short-belt.ts";
import { BENCHES, beltNames, FRAMING, PERMITS } from "./site.ts";
import { benchWaybill } from "./waybills.ts";
import { WIRING } from "./wiring.ts";

const TICK_MS = 1;
/** After the last telegram every command has come, or comes no more. */
const QUIET_NS = 500e6;
/** So often that a stall of 20 ms meets one of them. */
const BARE_PER_S = 50;

const nowNs = (): number => Number(process.hrtime.bigint());

interface Belt {
  index: number;
  belt: ShortBelt;
  program: PlcProgram;
  scanner: WireScanner;
  /** Telegrams to come: when, and whether they are measured. */
  planned: { atNs: number; text: string; isMeasured: boolean }[];
  /** The last telegram, while no command has come for it. */
  waiting: Reaction | null;
}

const [folder, bus] = process.argv.slice(2);
if (folder === undefined || (bus !== "tcp" && bus !== "rtu" && bus !== "opcua"))
  throw new Error("usage: devices.ts <folder for links> <tcp|rtu|opcua>");
const BENCH = BENCHES[bus];

const programs: PlcProgram[] = [];
/** Nobody stops these PLCs, and what their machine takes from this process costs them no cycle. */
const cycleClock = new CycleClock({ scanMs: BELT_PLC.scanMs, nowNs: nowNs(), stops: () => 0 });
const ports: Record<string, number> = {};
const lines: Record<string, string> = {};
const ttys: Record<string, string> = {};
const relays = new PermitRelays();
const count = { refused: 0, unasked: 0 };
let ownStall = { ms: 0, atNs: 0 };
let tripsBefore = 0;

const belts: Belt[] = [];
// One after the other: OPC UA servers share the folder of their certificate, which the first one makes.
for (let index = 0; index < BENCH.belts; index += 1) belts.push(await startBelt(index));
await startPlc(
  {
    ...BELT_PLC,
    deviceId: PERMITS,
    watchdog: { ...WIRING.watchdog, timeoutMs: 4000 },
    gates: [],
    relays: Array.from({ length: 2 * BENCH.belts }, (_, coil) => ({ coil, terminal: coil })),
  },
  relays,
);
const bare = await startBare();

let lastTickNs = nowNs();
let parcels: Reaction[] = [];
let isWorking = false;
let quietFromNs = 0;
setInterval(tick, TICK_MS);
process.on("message", (message: ToDevices) => {
  if (message.kind === "areReady") tell({ kind: "ready", isReady: areReady() });
  else begin(message.shift);
});
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
tell({ kind: "listening", ports, lines, ttys, bare: { port: bare.port, tty: bare.tty } });

async function startBelt(index: number): Promise<Belt> {
  const { device, gate, scanner: scannerId } = beltNames(index);
  const belt = new ShortBelt(BENCH, nowNs);
  const linkPath = join(folder as string, scannerId);
  const scanner = openPtyScanner({ linkPath, baud: null });
  ttys[scannerId] = linkPath;
  const started: Omit<Belt, "program"> = { index, belt, scanner, planned: [], waiting: null };
  const { mailboxRegister, statusRegister, positionCode } = WIRING;
  const plan: PlcPlan = {
    ...BELT_PLC,
    deviceId: device,
    gates: [
      {
        kind: "mailbox",
        gateId: gate,
        register: mailboxRegister,
        status: statusRegister,
        encoder: 0,
        positions: [{ code: positionCode, terminal: GATE_OUTPUT }],
        homeTerminal: SWITCHES.home,
        outTerminal: SWITCHES.out,
      },
    ],
  };
  const program = await startPlc(plan, belt, (atNs, verdict) => arrived(started, atNs, verdict));
  return Object.assign(started, { program });
}

async function startPlc(
  plan: PlcPlan,
  terminals: PlcTerminals,
  onCommand?: (atNs: number, verdict: number) => void,
): Promise<PlcProgram> {
  // On a serial line a request has been complete for as long as its bytes take before it is served.
  let heardNs: number | null = null;
  const onArrival = ({ atNs, verdict }: { atNs: number; verdict: number }) => onCommand?.(heardNs ?? atNs, verdict);
  const program = new PlcProgram({ plan, terminals, onArrival });
  programs.push(program);
  const { deviceId, host, unit } = plan;
  if (bus === "tcp" || deviceId === PERMITS) {
    const serve = (request: PlcRequest) => {
      countCycles();
      return program.serve(request, nowNs());
    };
    ports[deviceId] = await new ModbusServer({ host, port: 0, unit, serve }).listen();
    return program;
  }
  if (bus === "opcua") {
    ports[deviceId] = await serveOverOpcUa({
      plan,
      program: () => {
        countCycles();
        return program;
      },
      certificates: join(folder as string, "pki"),
      nowNs,
    });
    return program;
  }
  const linkPath = join(folder as string, deviceId);
  lines[deviceId] = linkPath;
  serveOnLine({
    linkPath,
    unit,
    serve(request, atNs) {
      heardNs = atNs;
      countCycles();
      return program.serve(request, nowNs());
    },
  });
  return program;
}

/** The complete command is at the device; 1: accepted. */
function arrived(belt: Pick<Belt, "waiting">, atNs: number, verdict: number): void {
  const { waiting } = belt;
  belt.waiting = null;
  if (waiting === null) count.unasked += 1;
  else if (verdict === 1) waiting.ns = atNs - waiting.atNs;
  else count.refused += 1;
}

/** The bare loop's own tty and connection: a telegram out, a request of a command's length back. */
async function startBare() {
  const linkPath = join(folder as string, "bare");
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

function areReady(): boolean {
  const armed = programs.every((program) => program.isArmed(nowNs()));
  return armed && bare.isConnected && relays.on.size === 2 * BENCH.belts;
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
  for (const belt of belts) belt.planned.reverse(); // The next one is the last: taking it off costs nothing.
  parcels = [];
  bare.samples = [];
  bare.nextNs = firstNs;
  for (const { belt } of belts) belt.missed = 0;
  Object.assign(count, { refused: 0, unasked: 0 });
  ownStall = { ms: 0, atNs: 0 };
  tripsBefore = trips();
  isWorking = true;
}

function tick(): void {
  const tickNs = nowNs();
  const lateMs = (tickNs - lastTickNs) / 1e6 - TICK_MS;
  if (lateMs > ownStall.ms) ownStall = { ms: lateMs, atNs: tickNs };
  lastTickNs = tickNs;
  if (countCycles() > 0) for (const program of programs) program.scan(nowNs(), 0);
  if (!isWorking) return;
  for (const belt of belts) speak(belt, tickNs);
  speakBare(tickNs);
  if (tickNs > quietFromNs) finish();
}

/** All that are due up to now. */
function countCycles(): number {
  const cycles = cycleClock.due(nowNs());
  for (const program of programs) program.skipScans(cycles);
  return cycles;
}

function speak(belt: Belt, tickNs: number): void {
  feed(belt, tickNs);
  const next = belt.planned.at(-1);
  if (next === undefined || next.atNs > tickNs) return;
  belt.planned.pop();
  fed.delete(next);
  const reaction: Reaction = { atNs: tickNs, ns: null };
  belt.waiting = reaction;
  if (next.isMeasured) parcels.push(reaction);
  // The time is taken just before the last byte goes to the kernel: no reader can have had it earlier.
  belt.scanner.send(Buffer.from(next.text, "latin1")).then((lastByteNs) => {
    reaction.atNs = lastByteNs;
  }, fail);
}

/** A parcel is on the belt before its front comes to the first eye. */
const fed = new Set<object>();
function feed(belt: Belt, tickNs: number): void {
  const leadNs = (BENCH.telegramAtMm * 1e9) / BENCH.speedMmPerS;
  for (let at = belt.planned.length - 1; at >= 0; at -= 1) {
    const parcel = belt.planned[at];
    if (parcel === undefined || parcel.atNs - leadNs > tickNs) return;
    if (fed.has(parcel)) continue;
    fed.add(parcel);
    belt.belt.put(parcel.atNs);
  }
}

function speakBare(tickNs: number): void {
  if (tickNs < bare.nextNs) return;
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

function finish(): void {
  isWorking = false;
  const missed = belts.reduce((sum, { belt }) => sum + belt.missed, 0);
  const tripped = trips() - tripsBefore;
  tell({ kind: "done", record: { parcels, bare: bare.samples, ...count, missed, ownStall, trips: tripped } });
}

function trips(): number {
  return programs.reduce((sum, program) => sum + program.trips, 0);
}

function tell(message: FromDevices): void {
  process.send?.(message);
}

function fail(error: unknown): never {
  process.stderr.write(`devices of the benchmark: ${String(error)}\n`);
  process.exit(1);
}
