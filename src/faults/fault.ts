// One row of the fault table.

export interface Fault {
  /** alarm: a plant condition with a life cycle; reason: why a parcel went where it went; error: a refusal to start or act. */
  kind: "alarm" | "reason" | "error";
  /** ISA-18.2 priority, alarms only. */
  priority?: "low" | "medium" | "high" | "critical";
  /** Shown to people; {source} and {detail} are filled in. */
  text: string;
  means: string;
  controllerDoes: string;
  personShould: string;
}
