// The process of a simulated device: plan and process image from its command line, orders over IPC, its end with its parent.
import { readFileSync } from "node:fs";
import type { DeviceAnswer, Numbered } from "./device-messages.ts";
import { openImage } from "./process-image.ts";

/** A device that has started. A rejection ends the process. */
export interface RunningDevice<Order> {
  /** Settles when it can be reached. */
  listen(): Promise<DeviceAnswer>;
  answer(order: Order): Promise<DeviceAnswer>;
}

/** @param name for an error's text */
export function runDevice<Plan, Order>(
  name: string,
  start: (plan: Plan, terminals: ReturnType<typeof openImage>) => Promise<RunningDevice<Order>>,
): void {
  const fail = (error: unknown): never => {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  };
  const main = async (planPath: string, imagePath: string): Promise<void> => {
    const device = await start(JSON.parse(readFileSync(planPath, "utf8")) as Plan, openImage(imagePath));
    process.on("message", ({ id, said }: Numbered<Order>) => {
      device.answer(said).then((answer) => tell({ id, said: answer }), fail);
    });
    tell({ id: 0, said: await device.listen() });
  };

  process.on("SIGTERM", () => process.exit(0));
  // The other end of the channel is gone: so is the rig.
  process.on("disconnect", () => process.exit(0));
  const [planPath, imagePath] = process.argv.slice(2);
  if (planPath === undefined || imagePath === undefined) fail("usage: main.ts <plan.json> <process image>");
  else main(planPath, imagePath).catch(fail);
}

/** Over IPC to the process that started it, as a line of JSON to a person who did. */
function tell(answer: Numbered<DeviceAnswer>): void {
  if (process.send === undefined) process.stdout.write(`${JSON.stringify(answer.said)}\n`);
  else process.send(answer);
}
