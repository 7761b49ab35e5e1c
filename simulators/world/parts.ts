// What a terminal is wired to in the world: the sensor that it reads, the actuator that it drives.
import type { BeltLine } from "./belt-line.ts";
import type { Chute } from "./chute.ts";
import type { GateMotion } from "./gate-motion.ts";
import type { Actuator, Sensor } from "./plan.ts";

export interface Parts {
  belts: ReadonlyMap<string, BeltLine>;
  chutes: ReadonlyMap<string, Chute>;
  infeedRelays: Map<string, boolean>;
}

export function sensorOf(parts: Parts, sensor: Sensor): () => boolean {
  switch (sensor.kind) {
    case "eye": {
      const eyes = [...parts.belts.values()].flatMap(({ plan: belt }) =>
        belt.eyes.map(({ id, atUm }) => ({ id, atUm, beltId: belt.id })),
      );
      const eye = eyes.find(({ id }) => id === sensor.eyeId);
      const { atUm, beltId } = known(eye, `eye ${sensor.eyeId}`);
      const line = beltOf(parts, beltId);
      return () => line.isDark(atUm);
    }
    case "chuteEye": {
      const chute = chuteOf(parts, sensor.chuteId);
      return () => chute.isDark;
    }
    case "gateHome": {
      const gate = gateOf(parts, sensor.gateId);
      return () => gate.isHome;
    }
    case "gateOut": {
      const gate = gateOf(parts, sensor.gateId);
      return () => gate.isOut;
    }
    case "chuteNotFull": {
      const chute = chuteOf(parts, sensor.chuteId);
      return () => !chute.isFull;
    }
    case "automatic": {
      const { drive } = beltOf(parts, sensor.beltId);
      return () => drive.isAutomatic;
    }
    case "alwaysWell":
      return () => true;
    case "beltDriven": {
      const { drive } = beltOf(parts, sensor.beltId);
      return () => drive.isOn;
    }
  }
}

export function actuatorOf(parts: Parts, actuator: Actuator): (on: boolean) => void {
  switch (actuator.kind) {
    case "runPermit": {
      const { drive } = beltOf(parts, actuator.beltId);
      return (on) => drive.permit(on);
    }
    case "infeedPermit":
      return (on) => {
        parts.infeedRelays.set(actuator.beltId, on);
      };
    case "gate": {
      const gate = gateOf(parts, actuator.gateId);
      return (on) => gate.drive(actuator.chuteId, on);
    }
  }
}

const beltOf = (parts: Parts, beltId: string): BeltLine => known(parts.belts.get(beltId), `belt ${beltId}`);

const chuteOf = (parts: Parts, chuteId: string): Chute => known(parts.chutes.get(chuteId), `chute ${chuteId}`);

function gateOf(parts: Parts, gateId: string): GateMotion {
  const gates = [...parts.belts.values()].flatMap((belt) => belt.gates);
  return known(
    gates.find((gate) => gate.plan.id === gateId),
    `gate ${gateId}`,
  );
}

/** @throws when a plan names what it does not contain */
export function known<T>(found: T | undefined, what: string | (() => string)): T {
  if (found === undefined) throw new RangeError(`world: there is no ${typeof what === "string" ? what : what()}`);
  return found;
}
