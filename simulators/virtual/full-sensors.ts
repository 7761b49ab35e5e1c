// Gives chutes of a site a full sensor for a simulated run: wired to a free input of the device that reads their eye.
import { compileLayout } from "../../src/config/compile.ts";
import type { Site } from "../../src/config/load.ts";

/** @throws RangeError when a chute has no eye, or its device no input left */
export function withFullSensors(site: Site, chuteIds: readonly string[]): Site {
  const missing = site.chutes.chutes.filter(({ id, fullInput }) => chuteIds.includes(id) && fullInput === undefined);
  if (missing.length === 0) return site;
  const next = new Map(site.line.devices.map(({ id }) => [id, firstFree(site, id)]));
  const chutes = {
    ...site.chutes,
    chutes: site.chutes.chutes.map((chute) => {
      if (!missing.includes(chute)) return chute;
      const device = chute.eye?.device;
      if (device === undefined)
        throw new RangeError(`chute ${chute.id} has no eye whose device could read a full sensor`);
      const input = next.get(device) ?? 0;
      next.set(device, input + 1);
      return { ...chute, fullInput: { device, input } };
    }),
  };
  for (const device of site.line.devices) {
    const { id } = device;
    const packedInputs = device.driver === "opcua" ? undefined : device.packedInputs;
    const most = packedInputs === undefined ? 200 : packedInputs.words * 16;
    if ((next.get(id) ?? 0) > most) throw new RangeError(`device ${id} has no inputs left for so many full sensors`);
  }
  return { ...site, chutes, layout: compileLayout({ ...site, chutes }) };
}

/** Above everything that the site reads there. */
function firstFree({ line, chutes }: Site, deviceId: string): number {
  const read = [
    ...line.belts.flatMap((belt) => [
      ...belt.eyes,
      ...Object.values(belt.signals),
      { device: belt.runPermit.device, input: belt.runPermit.feedback ?? -1 },
      ...belt.gates.flatMap(({ device, drive }) =>
        drive.kind === "coil" ? [drive.homeInput ?? -1, drive.outInput ?? -1].map((input) => ({ device, input })) : [],
      ),
    ]),
    ...chutes.chutes.flatMap(({ eye, fullInput }) => [eye, fullInput]),
  ];
  const inputs = read.flatMap((each) => (each?.device === deviceId ? [each.input] : []));
  return 1 + Math.max(-1, ...inputs);
}
