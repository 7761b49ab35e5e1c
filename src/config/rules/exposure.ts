// A gateway that other machines can reach lets nobody in without a token.
import type { Rule } from "./rule.ts";

export const exposedMeansTokens: Rule = (site, report) => {
  const host = site.gateway.api?.host;
  if (host === undefined || isLoopback(host) || (site.gateway.tokens?.length ?? 0) > 0) return;
  report("gateway.yaml", ["api", "host"], {
    code: "CONFIG_EXPOSED_WITHOUT_TOKENS",
    what: `${host} is reached from other machines, and no tokens are listed`,
    right: "127.0.0.1, or tokens (`coline token` makes one)",
  });
};

/** Addresses that no other machine reaches; a name other than localhost may mean any address. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
