// One test parcel to one chute through the gateway: the guard's command, and what the line saw of the parcel.
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { TestResult } from "../../line/commissioning-state.ts";
import type { CommissioningView } from "../../line/step.ts";
import type { Given, LineClient } from "../line-client.ts";

export type Sent = { kind: "seen"; result: TestResult } | Exclude<Given, { kind: "accepted" }>;

const WITHIN_S = 5;
const ASK_EVERY_MS = 200;
/** From the guard's last second to the end of a parcel that was on its way then: the longest belt at the slowest. */
const RIDES_MS = 120_000;

/** @param o.hasCome told once, when the parcel is on its way to the chute */
export async function sendTest(
  client: LineClient,
  o: { chuteId: string; code: string; seconds: number; given(): void; hasCome(): void },
): Promise<Sent> {
  const id = randomUUID();
  const { chuteId, code, seconds } = o;
  const given = await client.give({ command: "guardChute", chuteId, code, seconds }, { id, withinS: WITHIN_S });
  if (given.kind !== "accepted") return given;
  o.given();
  let why = "the line did not say what became of it";
  let [wasThere, wasTold] = [false, false];
  for (
    const endMs = performance.now() + seconds * 1000 + RIDES_MS;
    performance.now() < endMs;
    await delay(ASK_EVERY_MS)
  ) {
    const view = await commissioningOf(client);
    if (typeof view === "string") {
      why = view;
      continue;
    }
    if (view?.lastTest?.command === id) return { kind: "seen", result: view.lastTest };
    if (view?.guard?.command === id && view.guard.hasCome && !wasTold) {
      wasTold = true;
      o.hasCome();
    }
    // What is shown first may be from before the command.
    wasThere ||= view?.guard?.command === id;
    if (wasThere && view?.guard === null)
      return { kind: "unanswered", why: "the controller has restarted, or nothing is proved any more" };
  }
  return { kind: "unanswered", why };
}

/** @returns null: the plant is a simulated one; why it is not known, in words */
export async function commissioningOf(client: LineClient): Promise<CommissioningView | null | string> {
  const view = await client.line();
  if (typeof view === "string") return view;
  return view.line.commissioning === undefined ? "the controller is of an older version" : view.line.commissioning;
}
