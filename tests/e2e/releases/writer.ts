// The other process of the visibility test: commits one event for each line it is given, and says when it is done.
import { createInterface } from "node:readline";
import type { ReleaseEvent } from "../../../src/releases/event.ts";
import { openReleaseStore } from "../../../src/releases/store.ts";

const [, , file, wallMs] = process.argv;
if (file === undefined) throw new Error("which file?");
const store = openReleaseStore(file, { wallMs: () => Number(wallMs), monotonicNs: () => 0, bootId: "test" });
process.stdout.write("open\n");
for await (const line of createInterface({ input: process.stdin })) {
  const { results } = await store.apply([JSON.parse(line) as ReleaseEvent]);
  process.stdout.write(`${results[0]?.result}\n`);
}
await store.close();
