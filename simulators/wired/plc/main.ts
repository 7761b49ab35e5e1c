// A simulated PLC as a process of its own, so that it can be frozen: main.ts <plan.json> <process image>.
import { readFileSync } from "node:fs";
import { openImage } from "../process-image.ts";
import type { PlcPlan } from "../terminals.ts";
import { CycleClock } from "./cycle-clock.ts";
import type { FromPlc, ToPlc } from "./messages.ts";
import { type PlcArrival, PlcProgram } from "./program.ts";
import { ModbusServer } from "./server.ts";

/** The oldest arrival is dropped beyond this many, and counted. */
const MAX_ARRIVALS = 100_000;

const nowNs = (): number => Number(process.hrtime.bigint());

async function main(planPath: string, imagePath: string): Promise<void> {
  const plan = JSON.parse(readFileSync(planPath, "utf8")) as PlcPlan;
  const terminals = openImage(imagePath);
  let arrivals: PlcArrival[] = [];
  let lost = 0;
  // Another one at each start, as a count kept over a loss of power would be.
  let session = process.pid & 0xffff;
  const nextSession = (): number => {
    session = (session % 0xffff) + 1;
    return session;
  };
  const newProgram = (): PlcProgram =>
    new PlcProgram({
      plan,
      terminals,
      session: nextSession(),
      onArrival: (arrival) => {
        if (arrivals.push(arrival) <= MAX_ARRIVALS) return;
        arrivals.shift();
        lost += 1;
      },
    });
  let program = newProgram();
  const newClock = () => new CycleClock({ scanMs: plan.scanMs, nowNs: nowNs(), stops: terminals.stops });
  let clock = newClock();
  let cycle: NodeJS.Timeout | null = null;
  const server = new ModbusServer({
    host: plan.host,
    port: plan.port,
    unit: plan.unit,
    serve: (request) => {
      // What waited while the machine had no time for either is answered as if the cycles had come first.
      program.skipScans(clock.due(nowNs()));
      return program.serve(request, nowNs());
    },
  });
  const run = (): void => {
    clock = newClock();
    cycle = setInterval(() => program.scan(nowNs(), clock.due(nowNs())), plan.scanMs);
    program.scan(nowNs());
  };
  const listening = async () => tell({ kind: "listening", port: await server.listen() });
  const powerOff = async (): Promise<void> => {
    if (cycle !== null) clearInterval(cycle);
    cycle = null;
    const cut = server.cut();
    for (const terminal of outputsOf(plan)) terminals.output(terminal, false);
    terminals.commit();
    await cut;
    tell({ kind: "off" });
  };
  const powerOn = async (): Promise<void> => {
    if (cycle === null) {
      program = newProgram();
      run();
    }
    await listening();
  };
  run();

  process.on("message", (message: ToPlc) => {
    switch (message.kind) {
      case "faults":
        Object.assign(server.faults, message.faults);
        return tell({ kind: "faulty" });
      case "cut":
        server.cut().then(() => tell({ kind: "cut" }), fail);
        return;
      case "restore":
        listening().catch(fail);
        return;
      case "powerOff":
        powerOff().catch(fail);
        return;
      case "powerOn":
        powerOn().catch(fail);
        return;
      case "trackerTrouble":
        Object.assign(program.tracker?.trouble ?? {}, message.trouble);
        return tell({ kind: "faulty" });
      case "forget":
        program.tracker?.forget(nextSession());
        return tell({ kind: "faulty" });
      case "arrivals":
        tell({ kind: "arrivals", arrivals, lost, trips: program.trips });
        arrivals = [];
        lost = 0;
        return;
      default:
        message satisfies never;
    }
  });
  await listening();
}

const outputsOf = ({ gates, relays, tracker }: PlcPlan): number[] => [
  ...(tracker?.gates ?? []).flatMap(({ chutes }) => chutes.map(({ terminal }) => terminal)),
  ...gates.flatMap((gate) => (gate.kind === "coil" ? [gate.terminal] : gate.positions.map(({ terminal }) => terminal))),
  ...relays.map(({ terminal }) => terminal),
];

/** Over IPC to the process that started it, as a line of JSON to a person who did. */
function tell(message: FromPlc): void {
  if (process.send === undefined) process.stdout.write(`${JSON.stringify(message)}\n`);
  else process.send(message);
}

function fail(error: unknown): never {
  const detail = error instanceof Error ? error.message : String(error);
  process.stderr.write(`simulated PLC: ${detail}\n`);
  process.exit(1);
}

process.on("SIGTERM", () => process.exit(0));
// The other end of the channel is gone: so is the rig.
process.on("disconnect", () => process.exit(0));

const [planPath, imagePath] = process.argv.slice(2);
if (planPath === undefined || imagePath === undefined) fail("usage: main.ts <plan.json> <process image>");
else main(planPath, imagePath).catch(fail);
