// What the controller is told to look at: once, and again where a hint that keeps a parcel in met nobody or a full pipe.
import type { Applied } from "../releases/store.ts";
import type { LateWords } from "./late-words.ts";

type Waybills = Applied["changed"];

export interface Hints {
  tell(waybills: Waybills): void;
  /** A controller is there anew. */
  connected(): void;
  /** It has said something: it reads. */
  alive(): void;
}

/** @param o.send false: not all of it was sent */
export function hints(o: { send(waybills: Waybills): boolean; late: Pick<LateWords, "all"> }): Hints {
  let isOwed = false;
  const tellAgain = (): void => {
    isOwed = !o.send(o.late.all());
  };
  return {
    tell(waybills) {
      if (!o.send(waybills)) isOwed = true;
    },
    connected: tellAgain,
    alive() {
      if (isOwed) tellAgain();
    },
  };
}
