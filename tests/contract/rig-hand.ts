// A hand on a remote I/O of the rig, instead of a controller: feeds its watchdog, and holds coils until it lets them go.
import ModbusRTU from "modbus-serial";
import type { Rig } from "../../simulators/wired/rig.ts";

const TURN_MS = 20;

/** A device with an echo watchdog at register 0 that refuses writes while it is not fed. */
export async function handOn(
  rig: Rig,
  deviceId: string,
): Promise<{ hold(coil: number, isOn: boolean): void; letGo(): Promise<void> }> {
  const { host = "", port = 0 } = rig.addresses.devices[deviceId] ?? {};
  const client = new ModbusRTU.default();
  await client.connectTCP(host, { port });
  client.setID(1);
  client.setTimeout(2000);
  const held = new Map<number, boolean>();
  let isThere = true;
  const loop = (async () => {
    while (isThere) {
      const { data } = await client.readInputRegisters(0, 1);
      await client.writeRegister(0, data[0] ?? 0);
      for (const [coil, isOn] of held) await client.writeCoil(coil, isOn).catch(() => undefined); // Refused until the watchdog runs.
      await new Promise((resolve) => setTimeout(resolve, TURN_MS));
    }
  })();
  return {
    hold: (coil, isOn) => void held.set(coil, isOn),
    async letGo() {
      isThere = false;
      await loop;
      client.close(() => undefined);
    },
  };
}
