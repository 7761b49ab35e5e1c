// Edges that a device keeps stand on its own count of the belt, and what comes between two polls fits into what it keeps.
import { entries } from "../draft.ts";
import type { Rule } from "./rule.ts";

export const edgesAreCounted: Rule = (site, report) => {
  for (const [index, belt] of entries(site.line.belts)) {
    for (const [place, eye] of entries(belt.eyes)) {
      const path = ["belts", index, "eyes", place, "edges"];
      const { edges } = eye;
      if (edges === undefined) continue;
      if (belt.encoder === undefined || (belt.encoder.device !== undefined && belt.encoder.device !== eye.device)) {
        report("line.yaml", path, {
          code: "CONFIG_EDGES_NOT_COUNTED",
          what: `"${eye.device}" keeps the edges of eye "${eye.id}", but does not count belt "${belt.id}"`,
          right: "an encoder of the belt on the same device, or no edges",
        });
        continue;
      }
      const device = site.line.devices?.find((each) => each?.id === eye.device);
      const { minLengthMm, gapMm } = belt.items ?? {};
      const pollMs = device?.pollMs;
      if (minLengthMm === undefined || gapMm === undefined || pollMs === undefined || belt.speedMmPerS === undefined)
        continue;
      // A poll may be left out, and the next one come late.
      const items = (belt.speedMmPerS * 3 * pollMs) / 1000 / (minLengthMm + gapMm);
      const most = 2 * Math.ceil(items) + 1;
      if (edges.depth === undefined || edges.depth >= most) continue;
      report("line.yaml", [...path, "depth"], {
        code: "CONFIG_EDGES_NOT_COUNTED",
        what: `${most} edges of eye "${eye.id}" may come within three polls, and its device keeps ${edges.depth}`,
        right: `${most} or more, or a shorter pollMs`,
      });
    }
  }
};
