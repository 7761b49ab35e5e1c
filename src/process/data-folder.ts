// Where a site's data lie: controller and gateway must mean the same files.
import { join } from "node:path";

export interface DataPlaces {
  /** Written by the controller; its device and inode also name the lock and the live socket. */
  journalFolder: string;
  /** Written by the gateway, read by the controller. */
  releaseFile: string;
  /** The gateway's own; may be deleted while it is stopped and is then built again from the journal. */
  storyFile: string;
}

/** @param dataFolder absolute */
export const dataPlaces = (dataFolder: string): DataPlaces => ({
  journalFolder: join(dataFolder, "journal"),
  releaseFile: join(dataFolder, "releases.mdb"),
  storyFile: join(dataFolder, "stories.mdb"),
});
