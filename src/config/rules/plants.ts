// A plant that is said to be simulated stands on this machine: what moves on a network may be real.
import { isLoopback } from "./exposure.ts";
import type { Rule } from "./rule.ts";

export const simulatedPlantsAreHere: Rule = (site, report) => {
  if (site.line.plant !== "simulated") return;
  const far = (site.line.devices ?? []).find((device) => device !== undefined && !isHere(device));
  if (far === undefined) return;
  report("line.yaml", ["plant"], {
    code: "CONFIG_PLANT_NOT_SIMULATED",
    what: `device "${far.id}" is on another machine`,
    right: "no `plant` at all, and `coline commission`",
  });
};

/** 198.18.0.0/15 is for tests of networks (RFC 2544), and no plant's. A serial line says nothing. */
const isForTests = (host: string): boolean => /^198\.1[89](\.\d{1,3}){2}$/.test(host);

function isHere(device: object): boolean {
  const { host, endpoint } = device as { host?: unknown; endpoint?: unknown };
  const where = host ?? hostIn(endpoint);
  return typeof where !== "string" || isLoopback(where) || isForTests(where);
}

function hostIn(endpoint: unknown): string | undefined {
  if (typeof endpoint !== "string") return undefined;
  const host = /^opc\.tcp:\/\/(\[[^\]]+\]|[^:/]+)/.exec(endpoint)?.[1];
  return host?.replace(/^\[|\]$/g, "");
}
