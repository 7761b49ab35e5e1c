// The process of one belt's PLC in the latency benchmark: belt-main.ts <folder for certificates> <bus> <belt>
import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { BeltPlc } from "./belt-plc.ts";
import type { FromBelt, ToBelt } from "./belt-process.ts";
import { nowNs } from "./bench-plc.ts";
import { OwnStall, TICK_MS } from "./own-stall.ts";
import { type BenchBus, benchOf } from "./site.ts";

const [folder, bus, index] = process.argv.slice(2);
if (folder === undefined || bus === undefined || index === undefined)
  throw new Error("usage: belt-main.ts <folder> <bus> <belt>");

const belt = new BeltPlc({ index: Number(index), bus: bus as BenchBus, bench: benchOf(bus as BenchBus) });
const stall = new OwnStall(nowNs());

// The moment at which a command's bytes are here, before the server's library has seen them.
subscribe("net.server.socket", (message) => {
  const { socket } = message as { socket: Socket };
  socket.prependListener("data", () => {
    belt.heardNs = nowNs();
  });
});

process.on("message", (message: ToBelt) => {
  switch (message.kind) {
    case "isArmed":
      return tell({ kind: "armed", isArmed: belt.isArmed() });
    case "begin":
      stall.begin();
      return belt.begin(message.telegramsNs);
    case "record":
      return tell({ kind: "record", record: { ...belt.record(), ownStall: stall.longest } });
    default:
      return message satisfies never;
  }
});
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));

const address = await belt.serve(folder);
setInterval(() => {
  stall.tick(nowNs());
  belt.tick();
}, TICK_MS);
tell({ kind: "listening", address });

function tell(message: FromBelt): void {
  process.send?.(message);
}
