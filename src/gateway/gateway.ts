// The gateway process: wires release store, live socket, the journal's readers and the API, and keeps them going.
import { mkdirSync, statfsSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { dataPlaces } from "../process/data-folder.ts";
import { liveClient } from "../process/live-client.ts";
import type { Log } from "../process/log.ts";
import { systemClock } from "../releases/clock.ts";
import { type Applied, openReleaseStore, type ReleaseStore } from "../releases/store.ts";
import { agreedTime } from "./agreed-time.ts";
import { createApp } from "./api/app.ts";
import { carryOver } from "./carry-over.ts";
import { commands } from "./commands.ts";
import { feed } from "./feed.ts";
import { hints } from "./hints.ts";
import { openStoryIndex, type StoryIndex } from "./index/story-index.ts";
import { cursorOf, isOtherJournal, type JournalFiles, journalFiles } from "./journal-files.ts";
import { journalPump, type Pump } from "./journal-pump.ts";
import { keeper, keepOn } from "./keeping/keeper.ts";
import type { Readers } from "./keeping/settled.ts";
import { LateWords, toHint } from "./late-words.ts";
import { gatewayMetrics } from "./metrics/registry.ts";
import { parcelView } from "./parcel.ts";
import { pruning } from "./pruning.ts";
import { isLoopback, type TokenRecord } from "./tokens.ts";

/** The part of a site that the gateway works on. */
export interface GatewaySite {
  /** Absolute. */
  dataFolder: string;
  gateway: { api: { host: string; port: number }; tokens: readonly TokenRecord[] };
  /** Absolute; null: there is no archive. */
  archiveFolder: string | null;
  line: { storage: { minFreeMb: number; retainDays: number } };
}

export interface GatewayOptions {
  site: GatewaySite;
  log: Log;
}

export interface Gateway {
  /** Where the API answers, e.g. `http://127.0.0.1:8080`. */
  url: string;
  /** Lets running requests end, closes store and index. */
  stop(): Promise<void>;
}

/** API that anyone on the network could reach, with nobody listed who may use it. */
export class OpenToEveryone extends Error {
  readonly code = "CONFIG_TOKENS_MISSING";

  constructor(host: string) {
    super(
      `CONFIG_TOKENS_MISSING: gateway.yaml lets the API listen on ${host}, which other machines reach, and lists no ` +
        "tokens. Make one (`coline token NAME --scope feed`) and paste its line under tokens, or use host 127.0.0.1.",
    );
    this.name = "OpenToEveryone";
  }
}

/** @throws OpenToEveryone, StoreError, or EADDRINUSE when the port is taken */
export async function startGateway(o: GatewayOptions): Promise<Gateway> {
  const { site, log } = o;
  const { host, port } = site.gateway.api;
  const { tokens } = site.gateway;
  if (!isLoopback(host) && tokens.length === 0) throw new OpenToEveryone(host);

  const places = dataPlaces(site.dataFolder);
  mkdirSync(places.journalFolder, { recursive: true });
  const clock = systemClock();
  const freeFloorBytes = site.line.storage.minFreeMb * 2 ** 20;
  const store = openReleaseStore(places.releaseFile, clock, { freeFloorBytes });
  const index = openStoryIndex(places.storyFile);
  const files = journalFiles(places.journalFolder);
  const late = new LateWords(store.lateWords());
  const told = hints({ send: (waybills) => live.hint(waybills), late });
  const live = liveClient({
    journalFolder: places.journalFolder,
    onConnect: () => {
      files.durable(0);
      told.connected();
    },
    onHead: ({ seq }) => {
      files.durable(seq);
      told.alive();
    },
    onAnswer: (message) => people.answered(message),
  });
  const hint = told.tell;
  const people = commands({ store, clock, send: live.send, hint, late });
  const carrying = carryPump({ store, files, journalFolder: places.journalFolder, log, late, hint });
  const indexing = indexPump({ index, files, log });
  const metrics = gatewayMetrics({
    newest: live.newest,
    connected: live.connected,
    carriedEntry: () => store.cursor()?.upToEntry ?? 0,
    troubles: () => troubles({ carrying, indexing }).length,
    freeBytes: () => freeBytes(site.dataFolder),
  });
  const time = agreedTime(clock.wallMs);
  const sweep = pruning({
    store,
    nowMs: time.nowMs,
    pruned: metrics.pruned,
    say: (error) => log.error({ error: error.message }, "the release store is not swept of what is long over"),
  });
  const keeping = keepOn(
    keeper({
      journalFolder: places.journalFolder,
      archiveFolder: site.archiveFolder,
      retainDays: site.line.storage.retainDays,
      freeFloorBytes,
      readers: () => readersOf(store, index),
      nowMs: time.nowMs,
      log,
      done: metrics.segmentKept,
      failed: metrics.keepingFailed,
    }),
  );
  const app = createApp(
    {
      feed: feed({ store, clock, hint, late, count: metrics.feedLines, heard: time.heard }),
      parcel: (code) => parcelView({ store, index, journalFolder: places.journalFolder, wallMs: clock.wallMs }, code),
      live: { newest: live.newest, trouble: live.trouble, resetMetrics: () => live.send({ kind: "resetMetrics" }) },
      command: people.give,
      health: () => health(troubles({ carrying, indexing }), live.connected()),
      metrics,
    },
    { tokens, tokensRequired: tokens.length > 0, log },
  );
  const url = await listen(app, { host, port }).catch(async (error: unknown) => {
    await stopAll();
    throw error;
  });
  return { url, stop: stopAll };

  async function stopAll(): Promise<void> {
    await app.close();
    live.close();
    await Promise.all([carrying.close(), indexing.close(), sweep.close(), keeping.close()]);
    await Promise.all([store.close(), index.close()]);
    metrics.close();
  }
}

/**
 * Another journal than the one carried so far (it began anew, or was put back from a copy): the store's mark must fall
 * at once, or the controller would believe its new entries carried. Counting from the journal's beginning can only
 * count a piece twice, never lose one. Where entries were removed before they were carried, the controller still holds
 * them: nothing is carried then until a person has looked.
 */
function carryPump(o: {
  store: ReleaseStore;
  files: JournalFiles;
  journalFolder: string;
  log: Log;
  late: LateWords;
  hint(waybills: Applied["changed"]): void;
}): Pump {
  const carry = carryOver(o.store, {
    overdrawn: (releases) =>
      o.log.error(
        { releases: releases.slice(0, 20) },
        "more pieces came back than were spent: compare with the journal",
      ),
    held(holds, applied) {
      o.log.warn({ waybills: applied.changed.slice(0, 20) }, "what officers had held was not in the store: it is now");
      o.hint(toHint(applied.changed, o.late.note(holds, applied.results)));
    },
  });
  return journalPump({
    follow: o.files.follow,
    cursor: () => o.store.cursor()?.cursor ?? null,
    take: carry.take,
    async lost(error) {
      const cursor = o.store.cursor()?.cursor;
      if (cursor === undefined || !isOtherJournal(o.journalFolder, cursor)) return false;
      o.log.error(
        { code: error.code },
        "this is another journal than the one carried so far: counting it from its start",
      );
      await o.store.restartCursor();
      return true;
    },
    say: (error) => o.log.error({ error: error.message }, "spending is not carried over"),
  });
}

function indexPump(o: { index: StoryIndex; files: JournalFiles; log: Log }): Pump {
  return journalPump({
    follow: o.files.follow,
    cursor: o.index.cursor,
    take: ({ entries, cursor }) => o.index.add(entries, cursor),
    async lost(error) {
      o.log.warn({ code: error.code }, "the index of stories does not fit the journal: building it again");
      await o.index.clear();
      return true;
    },
    say: (error) => o.log.error({ error: error.message }, "the index of stories does not follow the journal"),
  });
}

function readersOf(store: ReleaseStore, index: StoryIndex): Readers {
  const [carried, indexed] = [store.cursor()?.cursor ?? null, index.cursor()];
  return {
    carried: carried === null ? null : cursorOf(carried),
    indexedSegment: indexed === null ? null : cursorOf(indexed).segment,
  };
}

const troubles = (pumps: { carrying: Pump; indexing: Pump }): string[] => [
  ...(pumps.carrying.trouble() === null ? [] : ["spending is not carried over"]),
  ...(pumps.indexing.trouble() === null ? [] : ["the index of stories does not follow the journal"]),
];

/** A gateway without a controller is in order: it takes releases in meanwhile. */
const health = (problems: string[], controller: boolean): { ok: boolean } & Record<string, unknown> => ({
  ok: problems.length === 0,
  controller: controller ? "connected" : "away",
  problems,
});

async function listen(app: FastifyInstance, at: { host: string; port: number }): Promise<string> {
  return app.listen(at);
}

function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null; // Shown as "not known"; the store itself asks again before each commit.
  }
}
