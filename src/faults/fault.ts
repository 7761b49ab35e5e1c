// One row of the fault table.

export interface Fault {
  /** alarm: a plant condition with a life cycle; reason: why a parcel went where it went; error: a refusal to start or act. */
  kind: "alarm" | "reason" | "error";
  /** Shown to people; {source} and {detail} are filled in. */
  text: string;
  /** Its cause. */
  means: string;
  controllerDoes: string;
  personShould: string;
}

/** ISA-18.2: what happens when nobody acts, and how soon, decides the priority. */
export type AlarmPriority = "low" | "medium" | "high" | "critical";

export interface AlarmFault extends Fault {
  kind: "alarm";
  priority: AlarmPriority;
  /** What happens when nobody acts. */
  consequence: string;
  /** state: it stands until it is gone; event: a moment, over `offDelayMs` after it was last seen. */
  lasts: "state" | "event";
  /** So long the condition has to stand, or to be gone, before the alarm comes or returns. */
  onDelayMs: number;
  offDelayMs: number;
  /** It stays active until somebody acknowledges it, though its condition is gone. */
  isLatching: boolean;
  /** Who may acknowledge it; an officer may what an operator may. */
  acknowledgedBy: "operator" | "officer";
  /** How long a person may put it aside at most; 0: never, as what the law rests on. */
  maxShelveMinutes: number;
}
