// Waits until a simulated line is ready for parcels, and until the journal has an end for each.
import type { Rig } from "../../../simulators/wired/rig.ts";
import type { LiveClient } from "../../process/live-client.ts";

const POLL_MS = 100;
const READY_WITHIN_MS = 60_000;

/** Devices armed, scanners up, the feed heard: from here on nothing is missing but parcels. */
export async function ready(live: LiveClient, rig: Rig): Promise<void> {
  await until(async () => {
    const state = live.newest()?.state;
    const armed = state?.devices.every((device) => device["armed"] !== false) ?? false;
    const feed = (await rig.status()).feed;
    return armed && feed !== null && feed.waiting === 0 && feed.lastError === null;
  }, "devices, scanners and feed to be ready");
}

/** The last parcel has its physical end; the journal has its own a moment later. */
export async function settled(live: LiveClient): Promise<void> {
  await until(
    async () => live.newest()?.state.line.belts.every(({ items }) => items.length === 0) ?? false,
    "all ends",
  );
}

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const byMs = performance.now() + READY_WITHIN_MS;
  while (!(await holds())) {
    if (performance.now() > byMs) throw new Error(`waited ${READY_WITHIN_MS / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
