// How a reason's row is written; left out, the parcel rides to the safe end and nobody has to do anything.
import type { Fault } from "./fault.ts";

const SAFE_PATH = "The parcel rides to the safe end.";

/** @param personShould empty: nothing, this is the line doing its work. */
export const reason = (text: string, means: string, personShould = "", controllerDoes = SAFE_PATH): Fault => ({
  kind: "reason",
  text,
  means,
  controllerDoes,
  personShould: personShould === "" ? "Nothing." : personShould,
});
