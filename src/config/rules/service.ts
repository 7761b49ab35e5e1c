// Each chute is served by exactly one gate or safe end, each scanner by exactly one station.
import { entries, type SiteDraft } from "../draft.ts";
import type { Path } from "../problem.ts";
import type { Report, Rule } from "./rule.ts";

interface Service {
  name: string;
  by: string;
  path: Path;
}

export const chutesAreServedOnce: Rule = (site, report) => {
  const services = chuteServices(site);
  refuseTwice(services, { kind: "chute", code: "CONFIG_CHUTE_SERVED_TWICE" }, report);
  if (someUnread(site)) return;
  const served = new Set(services.map(({ name }) => name));
  for (const [index, chute] of entries(site.chutes.chutes)) {
    if (chute.id === undefined || served.has(chute.id)) continue;
    report("chutes.yaml", ["chutes", index, "id"], {
      code: "CONFIG_CHUTE_UNSERVED",
      what: `no gate and no safe end leads to chute "${chute.id}"`,
      right: `"${chute.id}" in the chutes of one gate of line.yaml, or no such chute`,
    });
  }
};

export const scannersAreUsedOnce: Rule = (site, report) => {
  const services = entries(site.line.belts).flatMap(([belt, { stations }]) =>
    entries(stations).flatMap(([index, station]) =>
      entries(station.scanners).map(
        ([place, name]): Service => ({
          name,
          by: `station "${station.id}"`,
          path: ["belts", belt, "stations", index, "scanners", place],
        }),
      ),
    ),
  );
  refuseTwice(services, { kind: "scanner", code: "CONFIG_SCANNER_USED_TWICE" }, report);
  const used = new Set(services.map(({ name }) => name));
  for (const [index, scanner] of entries(site.line.scanners)) {
    if (scanner.id === undefined || used.has(scanner.id) || someUnread(site)) continue;
    report("line.yaml", ["scanners", index, "id"], {
      code: "CONFIG_SCANNER_UNUSED",
      what: `no station reads scanner "${scanner.id}"`,
      right: `"${scanner.id}" in the scanners of one station, or no such scanner`,
    });
  }
};

/** Parts of a belt that could not be read may serve what seems unserved. */
const someUnread = (site: SiteDraft): boolean =>
  site.line.belts === undefined ||
  site.line.belts.some(
    (belt) =>
      belt?.safeEnd?.chute === undefined ||
      (belt.gates ?? [undefined]).some((gate) => (gate?.chutes ?? [undefined]).includes(undefined)) ||
      (belt.stations ?? [undefined]).some((station) => (station?.scanners ?? [undefined]).includes(undefined)),
  );

function chuteServices(site: SiteDraft): Service[] {
  return entries(site.line.belts).flatMap(([belt, { id, gates, safeEnd }]) => [
    ...entries(gates).flatMap(([index, gate]) =>
      entries(gate.chutes).map(
        ([place, name]): Service => ({
          name,
          by: `gate "${gate.id}"`,
          path: ["belts", belt, "gates", index, "chutes", place],
        }),
      ),
    ),
    ...(safeEnd?.chute === undefined
      ? []
      : [{ name: safeEnd.chute, by: `the safe end of "${id}"`, path: ["belts", belt, "safeEnd", "chute"] }]),
  ]);
}

function refuseTwice(services: Service[], said: { kind: string; code: string }, report: Report): void {
  const first = new Map<string, Service>();
  for (const service of services) {
    const earlier = first.get(service.name);
    if (earlier === undefined) first.set(service.name, service);
    else {
      report("line.yaml", service.path, {
        code: said.code,
        what: `${said.kind} "${service.name}" already belongs to ${earlier.by}`,
        right: `each ${said.kind} once`,
      });
    }
  }
}
