// Picks the watchdog of a device by the kind that its configuration names.
import { Channels } from "../channels.ts";
import type { JobHost } from "../job.ts";
import { WatchdogEcho } from "./echo.ts";
import { profileOf } from "./profiles.ts";
import { RemoteWatchdog } from "./remote.ts";
import type { WatchdogConfig } from "./schema.ts";
import { NO_WATCHDOG, type Watchdog } from "./watchdog.ts";

export function watchdogOf(config: WatchdogConfig | undefined, host: JobHost): Watchdog {
  if (config === undefined) return NO_WATCHDOG;
  if (config.kind === "echo") return new WatchdogEcho({ config, host });
  return new RemoteWatchdog({ profile: profileOf(config), host });
}

/** Registers that the watchdog of this configuration has read with each poll. */
export const watchedBy = (config: WatchdogConfig | undefined): Watchdog["reads"] =>
  watchdogOf(config, SILENT_HOST).reads;

/** A host for a watchdog that is only asked for its registers. */
const SILENT_HOST: JobHost = {
  timeoutNs: 0,
  answersInOrder: true,
  isOpen: () => false,
  add: () => {},
  drop: () => {},
  channels: new Channels(),
  emit: () => {},
  giveUp: () => {},
  tripped: () => {},
  complain: () => {},
};
