// An edit that several mutants take along: no eye behind the gate is asked, which alone would hide a wrong idea of its zone.
import type { Edit } from "../mutant.ts";

export const ZONE_FREE_UNSEEN: Edit = {
  file: "src/line/law/clause-8-position.ts",
  from: `if (q.inTheWay !== null)`,
  to: `if (q.inTheWay !== null && q.positionUm < 0)`,
};
