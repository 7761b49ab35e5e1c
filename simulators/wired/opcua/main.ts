// A simulated PLC behind an OPC UA server as a process of its own, so that it can be frozen: main.ts <plan.json> <image>.
import { readFileSync } from "node:fs";
import { CycleClock } from "../plc/cycle-clock.ts";
import { type PlcArrival, PlcProgram } from "../plc/program.ts";
import { openImage } from "../process-image.ts";
import { Cable } from "./cable.ts";
import type { FromUaPlc, ToUaPlc } from "./messages.ts";
import { NO_FAULTS, type UaFaults, type UaPlan } from "./plan.ts";
import { UaServer } from "./server.ts";

/** The oldest arrival is dropped beyond this many. */
const MAX_ARRIVALS = 100_000;

const nowNs = (): number => Number(process.hrtime.bigint());

async function main(planPath: string, imagePath: string): Promise<void> {
  const plan = JSON.parse(readFileSync(planPath, "utf8")) as UaPlan;
  const terminals = openImage(imagePath);
  const faults: UaFaults = { ...NO_FAULTS };
  let arrivals: PlcArrival[] = [];
  let lost = 0;
  const newProgram = (): PlcProgram =>
    new PlcProgram({
      plan: plan.plc,
      terminals,
      onArrival: (arrival) => {
        if (arrivals.push(arrival) <= MAX_ARRIVALS) return;
        arrivals.shift();
        lost += 1;
      },
    });
  let program = newProgram();
  const clock = new CycleClock({ scanMs: plan.plc.scanMs, nowNs: nowNs(), stops: terminals.stops });
  let isOn = true;
  /** What waited while the machine had no time for either is answered as if the cycles had come first. */
  const programInTime = (): PlcProgram => {
    const cycles = clock.due(nowNs());
    if (isOn) program.skipScans(cycles);
    return program;
  };
  const server = await UaServer.start({ plan, faults, program: programInTime, nowNs });
  const cable = new Cable({ behind: server.port, faults });
  const restart = (): void => {
    for (const { output } of outputsOf(plan)) terminals.output(output, false);
    terminals.commit();
    program = newProgram();
    cable.resetAll();
    server.dropSessions(true);
  };
  const renew = (): void => {
    restart();
    Object.assign(faults, NO_FAULTS);
    arrivals = [];
  };
  setInterval(() => {
    const cycles = clock.due(nowNs());
    if (isOn) program.scan(nowNs(), cycles);
  }, plan.plc.scanMs);
  const listening = async (): Promise<void> =>
    tell({ kind: "listening", port: await cable.plug(plan.plc.host, plan.plc.port) });

  process.on("message", (message: ToUaPlc) => {
    switch (message.kind) {
      case "faults":
        Object.assign(faults, message.faults);
        return tell({ kind: "done" });
      case "cut":
        cable.cut().then(() => tell({ kind: "done" }), fail);
        return;
      case "restore":
        listening().catch(fail);
        return;
      case "powerOff":
        isOn = false;
        restart();
        cable.cut().then(() => tell({ kind: "done" }), fail);
        return;
      case "powerOn":
        isOn = true;
        listening().catch(fail);
        return;
      case "renew":
        renew();
        return tell({ kind: "done" });
      case "dropSessions":
        server.dropSessions(message.withSubscriptions);
        return tell({ kind: "done" });
      case "dropSubscriptions":
        server.dropSubscriptions();
        return tell({ kind: "done" });
      case "garbage":
        cable.inject(Buffer.from(message.hex, "hex"));
        return tell({ kind: "done" });
      case "arrivals":
        tell({ kind: "arrivals", arrivals, lost, trips: program.trips });
        arrivals = [];
        lost = 0;
        return;
      case "sessions":
        return tell({ kind: "sessions", ...server.sessions });
      default:
        message satisfies never;
    }
  });
  await listening();
}

const outputsOf = ({ plc }: UaPlan): { output: number }[] => [
  ...plc.gates.flatMap((gate) =>
    gate.kind === "coil" ? [{ output: gate.terminal }] : gate.positions.map(({ terminal }) => ({ output: terminal })),
  ),
  ...plc.relays.map(({ terminal }) => ({ output: terminal })),
];

/** Over IPC to the process that started it, as a line of JSON to a person who did. */
function tell(message: FromUaPlc): void {
  if (process.send === undefined) process.stdout.write(`${JSON.stringify(message)}\n`);
  else process.send(message);
}

function fail(error: unknown): never {
  const detail = error instanceof Error ? error.message : String(error);
  process.stderr.write(`simulated OPC UA device: ${detail}\n`);
  process.exit(1);
}

process.on("SIGTERM", () => process.exit(0));
// The other end of the channel is gone: so is the rig.
process.on("disconnect", () => process.exit(0));

const [planPath, imagePath] = process.argv.slice(2);
if (planPath === undefined || imagePath === undefined) fail("usage: main.ts <plan.json> <process image>");
else main(planPath, imagePath).catch(fail);
