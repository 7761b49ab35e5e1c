// Law 5: doing nothing is safe; only a gate that is armed, and where it should be, is moved.
import { type Clause, refuse } from "./question.ts";

export const onlyASafeGateMoves: Clause = (q) => {
  if (q.modeRefusal !== null) return refuse(q, 5, q.modeRefusal);
  if (!q.gateArmed) return refuse(q, 5, "LAW_GATE_NOT_ARMED");
  if (q.gateFreeUm > q.untilUm) return refuse(q, 5, "LAW_GATE_TURNING", `free ${q.gateFreeUm - q.untilUm} µm too late`);
  // A gate that swings for the parcel ahead, or a belt that a person is about to start, is judged at the last look.
  if (q.phase === "plan") return null;
  if (q.gateWithdrawing) return refuse(q, 5, "LAW_WITHDRAWAL_OPEN");
  if (q.gateFreeUm > q.positionUm)
    return refuse(q, 5, "LAW_GATE_TURNING", `${q.gateFreeUm - q.positionUm} µm too early`);
  if (q.gateAstray) return refuse(q, 5, "LAW_GATE_ASTRAY");
  return q.runPermit ? null : refuse(q, 5, "LAW_STOPPED");
};
