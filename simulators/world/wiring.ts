// Wires the terminals of every device to the sensors and actuators of the world.
import { Device } from "./device.ts";
import { actuatorOf, known, type Parts, sensorOf } from "./parts.ts";
import type { Actuator, Sensor, WorldPlan } from "./plan.ts";
import type { Strides } from "./strides.ts";

/** Adds each device of the plan to `devices`. @throws RangeError when one is wired to what the plan does not contain */
export function wireDevices(
  plan: WorldPlan,
  parts: Parts,
  { strides, devices }: { strides: Strides; devices: Map<string, Device> },
): void {
  const senses = new Map<Sensor, () => boolean>();
  const drives = new Map<Actuator, (on: boolean) => void>();
  const beltOf = (beltId: string) => known(parts.belts.get(beltId), `belt ${beltId}`);
  const wiring = {
    sensor: (sensor: Sensor) => known(senses.get(sensor), () => JSON.stringify(sensor)),
    count: (beltId: string) => {
      const { motion } = beltOf(beltId);
      return () => motion.count();
    },
    drive: (actuator: Actuator, on: boolean) => {
      known(drives.get(actuator), () => JSON.stringify(actuator))(on);
      strides.changed();
    },
    levels: () => strides.levels,
    stepsToCount: (beltId: string, counts: number) => strides.stepsToCount(beltOf(beltId), counts),
  };
  for (const device of plan.devices) {
    for (const input of device.inputs) senses.set(input.senses, sensorOf(parts, input.senses));
    for (const output of device.outputs) drives.set(output.drives, actuatorOf(parts, output.drives));
    devices.set(device.id, new Device(device, wiring));
  }
}
