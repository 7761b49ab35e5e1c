// `coline certs SITE`: makes Coline's certificate for OPC UA, shows what is trusted, and trusts a server that was turned away.
import { hostname } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  type CertificateFacts,
  makeCertificate,
  trustFacts,
  trustFolder,
  trustRejected,
} from "../../../drivers/opcua/certificates.ts";
import { loadLibrary } from "../../../drivers/opcua/library.ts";
import { loadSite, type Site } from "../../config/load.ts";
import { exitCode } from "../../process/exit-code.ts";
import { problemReport } from "../check-report.ts";
import { runAsked } from "../run-asked.ts";

export const summary = "make and show the certificates for OPC UA devices, and trust a server";

const usage = `usage: coline certs SITE [make | trust THUMBPRINT] [--host NAME]

  SITE    folder of the site
  make    make a key and a certificate of Coline's own, where there is none
  trust   believe a server whose certificate was turned away; its thumbprint, or the first 8 digits or more of it
  --host  name of this machine in the certificate; left out: the system's

Without a verb: what there is, in each certificates folder that the site's OPC UA devices name.
exit code: 0 done, 1 nothing could be done, 2 used wrongly
`;

interface Asked {
  site: string;
  verb: "show" | "make" | "trust";
  thumbprint: string;
  host: string;
}

export const run = (args: string[]): Promise<number> => runAsked(args, { name: "certs", usage, read, run: certs });

async function certs(asked: Asked): Promise<number> {
  const loaded = loadSite(asked.site);
  if (!loaded.ok) {
    process.stderr.write(problemReport(asked.site, loaded.problems));
    return exitCode.failed;
  }
  const folders = foldersOf(loaded.site);
  if (folders.length === 0) {
    process.stdout.write("no device of this site uses certificates\n");
    return exitCode.done;
  }
  switch (asked.verb) {
    case "show":
      for (const folder of folders) process.stdout.write(shown(folder));
      return exitCode.done;
    case "make":
      return make(folders, asked.host);
    case "trust":
      return trust(folders, asked.thumbprint);
    default:
      return asked.verb satisfies never;
  }
}

function read(args: string[]): Asked {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { host: { type: "string" } } });
  const [site, verb = "show", thumbprint = "", ...more] = positionals;
  if (site === undefined) throw new Error("give one SITE");
  if (verb !== "show" && verb !== "make" && verb !== "trust") throw new Error(`make or trust, not "${verb}"`);
  if (verb === "trust" && thumbprint === "") throw new Error("trust takes a THUMBPRINT");
  if (more.length > 0 || (verb !== "trust" && thumbprint !== "")) throw new Error(`too much after "${verb}"`);
  return { site, verb, thumbprint, host: values.host ?? hostname() };
}

/** Absolute, each once. */
function foldersOf({ folder, line }: Site): string[] {
  const named = line.devices.flatMap((device) =>
    device.driver === "opcua" && device.security.mode !== "none" ? [resolve(folder, device.security.certificates)] : [],
  );
  return [...new Set(named)];
}

async function make(folders: readonly string[], host: string): Promise<number> {
  const missing = folders.filter((folder) => trustFacts(folder).own === null);
  if (missing.length === 0) {
    process.stderr.write("coline certs: each folder has a certificate already; move it away to make another\n");
    return exitCode.failed;
  }
  const library = await loadLibrary();
  for (const folder of missing) {
    const facts = await makeCertificate(folder, { host, library });
    process.stdout.write(`made ${facts.file}\n${told(facts)}`);
  }
  process.stdout.write(
    "Now let each server trust this certificate; the controller's user must be able to read the key.\n",
  );
  return exitCode.done;
}

function trust(folders: readonly string[], thumbprint: string): number {
  for (const folder of folders) {
    const facts = trustRejected(folder, thumbprint);
    if (facts === null) continue;
    process.stdout.write(`trusted ${facts.file}\n${told(facts)}`);
    return exitCode.done;
  }
  process.stderr.write(`coline certs: no single certificate ${thumbprint} was turned away; see coline certs SITE\n`);
  return exitCode.failed;
}

function shown(folder: string): string {
  const { own, trusted, rejected } = trustFacts(folder);
  const none = `  none: coline certs SITE make\n`;
  return [
    `${folder}\n`,
    ` own\n${own === null ? none : told(own)}`,
    ` trusted servers: ${trusted.length}, in ${trustFolder(folder).trusted}\n${trusted.map(told).join("")}`,
    ` turned away: ${rejected.length}\n${rejected.map(told).join("")}`,
  ].join("");
}

const day = (date: Date): string => date.toISOString().slice(0, 10);

const told = ({ thumbprint, subject, applicationUri, validFrom, validUntil }: CertificateFacts): string =>
  `  ${thumbprint}  ${subject}\n    ${applicationUri ?? "no application URI"}, good from ${day(validFrom)} to ${day(validUntil)}\n`;
