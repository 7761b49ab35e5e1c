// `coline probe`: looks at a device before there is a site, and says what to write into one.
import { exitCode } from "../../process/exit-code.ts";
import { modbusUsage, probeModbus } from "../probe/modbus.ts";
import { probeScanner, scannerUsage } from "../probe/scanner.ts";

export const summary = "listen to a scanner and guess its profile, or read a Modbus device's map live";

const usage = `${scannerUsage}\n${modbusUsage}`;

export async function run(args: string[]): Promise<number> {
  switch (args[0]) {
    case "modbus":
      return probeModbus(args);
    case "scanner":
      return probeScanner(args);
    case "--help":
    case "-h":
      process.stdout.write(usage);
      return exitCode.done;
    default:
      process.stderr.write(`coline probe: a scanner or a Modbus device?\n\n${usage}`);
      return exitCode.usedWrongly;
  }
}
