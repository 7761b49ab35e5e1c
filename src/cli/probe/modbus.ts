// `coline probe modbus HOST`: reads a device's map live, and writes nothing.
import { parseArgs } from "node:util";
import { probeTable, TABLES, type Table, type TableMap } from "../../../drivers/buses/map-probe.ts";
import { type ModbusPlace, openAsker } from "../../../drivers/buses/modbus-asker.ts";
import { exitCode } from "../../process/exit-code.ts";
import { changesOf, mapReport } from "../map-report.ts";

export const modbusUsage = `usage: coline probe modbus HOST [options]
       coline probe modbus /dev/ttyUSB0 [options]

  HOST              IP address or name of the device, or the path of a serial line
  --port N          TCP port (502)
  --unit N          unit identifier, or address on the line (1)
  --table NAME      one of ${TABLES.join(", ")}; may be given several times (all)
  --from N          first address, 0-based (0)
  --count N         how many addresses (200)
  --timeout-ms N    how long a reply may take (1000)
  --baud N          serial: speed (19200)
  --parity P        serial: none, even or odd (even)
  --stop-bits N     serial: 1 or 2 (1)
  --watch           go on reading and print what changes, until it is stopped
  --json            one JSON document instead of text; not with --watch

exit code: 0 read, 1 no connection or no reply, 2 used wrongly
`;

interface Asked {
  place: ModbusPlace;
  unit: number;
  tables: readonly Table[];
  from: number;
  count: number;
  timeoutMs: number;
  isWatching: boolean;
  isJson: boolean;
}

export async function probeModbus(args: string[]): Promise<number> {
  const asked = parse(args);
  if (asked === "help") {
    process.stdout.write(modbusUsage);
    return exitCode.done;
  }
  if (typeof asked === "string") {
    process.stderr.write(`coline probe: ${asked}\n\n${modbusUsage}`);
    return exitCode.usedWrongly;
  }
  try {
    await probe(asked);
    return exitCode.done;
  } catch (error) {
    process.stderr.write(`coline probe: ${(error as Error).message}\n`);
    return exitCode.failed;
  }
}

async function probe(asked: Asked): Promise<void> {
  const asker = await openAsker(asked);
  const read = async (): Promise<Map<Table, TableMap>> => {
    const found = new Map<Table, TableMap>();
    for (const table of asked.tables) found.set(table, await probeTable(asker.ask, table, asked));
    return found;
  };
  try {
    let before = await read();
    if (asked.isJson) process.stdout.write(`${JSON.stringify(Object.fromEntries(before), null, 2)}\n`);
    else process.stdout.write(mapReport(before));
    while (asked.isWatching) {
      const now = await read();
      process.stdout.write(changesOf(before, now, new Date()));
      before = now;
    }
  } finally {
    asker.close();
  }
}

function parse(args: string[]): Asked | string {
  let given: ReturnType<typeof parseGiven>;
  try {
    given = parseGiven(args);
  } catch (error) {
    return (error as Error).message;
  }
  const { values, positionals } = given;
  if (values.help) return "help";
  const [protocol, where, ...rest] = positionals;
  if (protocol !== "modbus") return protocol === undefined ? "which protocol?" : `no protocol "${protocol}"`;
  if (where === undefined || rest.length > 0) return "one HOST, or one path of a serial line";
  const numbers = ["port", "unit", "from", "count", "timeout-ms", "baud"] as const;
  const limits = { port: 65_535, unit: 255, from: 65_535, count: 65_536, "timeout-ms": 60_000, baud: 1_000_000 };
  for (const name of numbers) {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 0 || value > limits[name])
      return `--${name} is a whole number up to ${limits[name]}`;
  }
  const tables = (values.table ?? []) as Table[];
  const stranger = tables.find((table) => !TABLES.includes(table));
  if (stranger !== undefined) return `no table "${stranger}"`;
  if (values.watch && values.json) return "--watch and --json do not go together";
  const { parity } = values;
  if (parity !== "none" && parity !== "even" && parity !== "odd") return "--parity is none, even or odd";
  if (values["stop-bits"] !== "1" && values["stop-bits"] !== "2") return "--stop-bits is 1 or 2";
  const stopBits = values["stop-bits"] === "2" ? 2 : 1;
  return {
    place: where.startsWith("/")
      ? { path: where, settings: { baud: Number(values.baud), parity, stopBits } }
      : { host: where, port: Number(values.port) },
    unit: Number(values.unit),
    tables: tables.length === 0 ? TABLES : tables,
    from: Number(values.from),
    count: Number(values.count),
    timeoutMs: Number(values["timeout-ms"]),
    isWatching: values.watch,
    isJson: values.json,
  };
}

const parseGiven = (args: string[]) =>
  parseArgs({
    args,
    allowPositionals: true,
    options: {
      port: { type: "string", default: "502" },
      unit: { type: "string", default: "1" },
      table: { type: "string", multiple: true },
      from: { type: "string", default: "0" },
      count: { type: "string", default: "200" },
      "timeout-ms": { type: "string", default: "1000" },
      baud: { type: "string", default: "19200" },
      parity: { type: "string", default: "even" },
      "stop-bits": { type: "string", default: "1" },
      watch: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
