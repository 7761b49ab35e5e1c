// Fault bits of the plant: each stands for one alarm and does nothing else.
import { clear, raise } from "./alarms.ts";
import { activeSite, type Turn } from "./turn.ts";

export function plantFault(turn: Turn, { inputId, value }: { inputId: string; value: boolean }): void {
  const fault = activeSite(turn).faultByInput.get(inputId);
  if (fault === undefined) return;
  const { code, id: source, text: detail } = fault;
  if (value) raise(turn, { code, source, detail });
  else clear(turn, { code, source });
}
