// What a process holds on to: handles by kind, file descriptors, listeners, and memory that no garbage collection frees.
import { readdirSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

export interface Resources {
  /** Sockets, pipes, timers and whatever else keeps the event loop alive, by Node's names. */
  handles: Readonly<Record<string, number>>;
  fileDescriptors: number;
  /** Of the process itself: what a driver subscribes to outside its own objects. */
  listeners: number;
  /** After two full collections, MB. */
  heapMb: number;
}

const LOOKS = 60;
const APART_MS = 5;
/** On a machine that gives the process no time, devices fall silent and come back between two faults as well. */
const MOST_LOOKS = 100 * LOOKS;

/**
 * A driver at rest has a request under way at one moment and none at the next: of several looks the least. What is held on to
 * is there at every look; on a busy machine most looks meet a request.
 * @param isAtRest a look at another moment does not count: a unit that waits for its turn to be tried holds a timer less
 * @throws Error without --expose-gc, or when there is hardly any rest
 */
export async function resources(isAtRest: () => boolean = () => true): Promise<Resources> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("run with --expose-gc");
  const looks: Omit<Resources, "heapMb">[] = [];
  for (let look = 0; looks.length < LOOKS; look += 1) {
    if (look === MOST_LOOKS) throw new Error(`of ${look} looks only ${looks.length} met every device at rest`);
    await wait(APART_MS);
    if (!isAtRest()) continue;
    looks.push({
      handles: handlesNow(),
      fileDescriptors: readdirSync("/proc/self/fd").length,
      listeners: listenersNow(),
    });
  }
  gc();
  await wait(APART_MS);
  gc();
  const kinds = new Set(looks.flatMap(({ handles }) => Object.keys(handles)));
  const least = (of: (look: (typeof looks)[number]) => number): number => Math.min(...looks.map(of));
  return {
    handles: Object.fromEntries(
      [...kinds]
        .sort()
        .map((kind) => [kind, least(({ handles }) => handles[kind] ?? 0)] as const)
        .filter(([, count]) => count > 0),
    ),
    fileDescriptors: least((look) => look.fileDescriptors),
    listeners: least((look) => look.listeners),
    heapMb: process.memoryUsage().heapUsed / 2 ** 20,
  };
}

/** What differs; memory is judged by its course. */
export function differences(before: Resources, after: Resources): string[] {
  const kinds = new Set([...Object.keys(before.handles), ...Object.keys(after.handles)]);
  const counts = (of: Resources): [string, number][] => [
    ...[...kinds].map((kind): [string, number] => [kind, of.handles[kind] ?? 0]),
    ["file descriptors", of.fileDescriptors],
    ["listeners", of.listeners],
  ];
  const later = new Map(counts(after));
  return counts(before).flatMap(([what, count]) => {
    const now = later.get(what) ?? 0;
    return now === count ? [] : [`${what}: ${count} before, ${now} after`];
  });
}

function handlesNow(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const listenersNow = (): number => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
