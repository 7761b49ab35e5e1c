// The rig as a process of its own, so that nothing else that its parent does can hold up the physics.
import { RigLine } from "./rig-line.ts";
import type { FromRig, ToRig } from "./rig-messages.ts";

let line: RigLine | null = null;

const say = (message: FromRig): void => {
  if (process.connected) process.send?.(message);
};

process.on("message", (message: ToRig) => {
  answerTo(message).then(
    (answer) => say({ id: message.id, answer }),
    (error: unknown) => say({ id: message.id, failed: error instanceof Error ? error.message : String(error) }),
  );
});

// The parent is gone, however hard: PLCs and scanners end with this process, and the line with them.
process.on("disconnect", () => void leave());
// A Ctrl-C at the terminal reaches the whole group; the parent decides when the rig ends.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => void leave());

async function answerTo(message: ToRig): Promise<unknown> {
  if (message.call === "start") {
    line = await RigLine.start(message.argument, (error) => say({ trouble: error.message }));
    return line.addresses();
  }
  if (line === null) throw new Error("the rig was not started");
  switch (message.call) {
    case "connectFeed":
      return line.connectFeed(message.argument) ?? null;
    case "infeed":
      return line.infeed(message.argument) ?? null;
    case "pressStart":
      return line.pressStart(message.argument) ?? null;
    case "manual":
      return line.manual(message.argument) ?? null;
    case "testParcel":
      return line.testParcel(message.argument) ?? null;
    case "changeContainer":
      return line.changeContainer(message.argument) ?? null;
    case "clearSafeEnd":
      return line.clearSafeEnd(message.argument) ?? null;
    case "inject":
      return (await line.inject(message.argument)) ?? null;
    case "status":
      return line.status();
    case "truth":
      return line.truth();
    case "records":
      return line.records();
    case "stop":
      await line.stop();
      line = null;
      return null;
    default:
      return message satisfies never;
  }
}

async function leave(): Promise<void> {
  const leaving = line;
  line = null;
  await leaving?.stop();
  process.exit(0);
}
