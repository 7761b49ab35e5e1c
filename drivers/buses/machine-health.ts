// What the machine of a device counts, and what went wrong last, in words for a person.
import { type BusReply, exceptionText } from "./request.ts";

export class MachineHealth {
  /** Connections after the first. */
  reconnects = 0;
  timeouts = 0;
  requests = 0;
  lastError: string | null = null;
  #wasOpen = false;

  opened(): void {
    if (this.#wasOpen) this.reconnects += 1;
    this.#wasOpen = true;
  }

  overdue(): void {
    this.timeouts += 1;
    this.lastError = "no reply in time";
  }

  unprepared(id: number, reply: BusReply | null): void {
    const why = reply?.kind === "exception" ? exceptionText(reply) : "no reply in time";
    this.lastError = `the registers of command ${id} were not taken: ${why}`;
  }

  counts() {
    const { reconnects, timeouts, requests, lastError } = this;
    return { reconnects, timeouts, requests, lastError };
  }
}
