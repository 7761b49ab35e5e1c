// Loads a site and proves it: nothing runs on a site that `coline check` would refuse.
import { loadSite, type Site } from "../config/load.ts";
import { problemsOfProof, siteFacts } from "../config/site-facts.ts";
import { isProved, prove } from "../proof/prove.ts";
import { problemReport } from "./check-report.ts";

/** @returns the site, or what to print and why it may not run. */
export function provedSite(folder: string): { ok: true; site: Site } | { ok: false; report: string } {
  const loaded = loadSite(folder);
  if (!loaded.ok) return { ok: false, report: problemReport(folder, loaded.problems) };
  const { site } = loaded;
  const proof = prove(siteFacts(site));
  if (!isProved(proof)) return { ok: false, report: problemReport(folder, problemsOfProof(site, proof.findings)) };
  return { ok: true, site };
}
