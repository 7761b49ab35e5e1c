// Where certificates lie: Coline's own and its key, the servers' that are trusted, and those that were turned away.
import { X509Certificate } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import type { Library } from "./library.ts";

export interface TrustFolder {
  root: string;
  certificateFile: string;
  privateKeyFile: string;
  /** A server's certificate in here is believed. */
  trusted: string;
  /** A server's certificate that was not known is put here. */
  rejected: string;
}

/** The layout of node-opcua-pki, which is the one that OPC 10000-12 suggests. @param root absolute */
export const trustFolder = (root: string): TrustFolder => ({
  root,
  certificateFile: join(root, "own", "certs", "coline.pem"),
  privateKeyFile: join(root, "own", "private", "private_key.pem"),
  trusted: join(root, "trusted", "certs"),
  rejected: join(root, "rejected"),
});

export interface CertificateFacts {
  file: string;
  subject: string;
  /** The application's, out of the alternative names; null: it has none, and no OPC UA server takes it. */
  applicationUri: string | null;
  validFrom: Date;
  validUntil: Date;
  /** SHA-1 over the certificate, 40 hex digits, as OPC UA tools show it. */
  thumbprint: string;
}

export interface TrustFacts {
  own: CertificateFacts | null;
  trusted: CertificateFacts[];
  rejected: CertificateFacts[];
}

/** Files that hold no certificate are left out. */
export function trustFacts(root: string): TrustFacts {
  const folder = trustFolder(root);
  const all = (path: string): CertificateFacts[] =>
    existsSync(path)
      ? readdirSync(path)
          .sort()
          .flatMap((name) => factsOf(join(path, name)) ?? [])
      : [];
  const own = existsSync(folder.privateKeyFile) ? factsOf(folder.certificateFile) : null;
  return { own, trusted: all(folder.trusted), rejected: all(folder.rejected) };
}

/** Its very file lies among the trusted, as of now. @param certificate DER */
export function isTrusted(root: string, certificate: Buffer): boolean {
  const thumbprint = thumbprintOf(new X509Certificate(certificate));
  return trustFacts(root).trusted.some((facts) => facts.thumbprint === thumbprint);
}

const thumbprintOf = ({ fingerprint }: X509Certificate): string => fingerprint.replaceAll(":", "").toLowerCase();

/** null: the file is not there, or holds no certificate. */
export function factsOf(file: string): CertificateFacts | null {
  try {
    const certificate = new X509Certificate(readFileSync(file));
    return {
      file,
      subject: certificate.subject.replaceAll("\n", ", "),
      applicationUri: /URI:([^,\s]+)/.exec(certificate.subjectAltName ?? "")?.[1] ?? null,
      validFrom: certificate.validFromDate,
      validUntil: certificate.validToDate,
      thumbprint: thumbprintOf(certificate),
    };
  } catch {
    return null;
  }
}

/** How long a certificate is good for. The line has to be stopped to exchange it, so not for a short time. */
const VALID_DAYS = 10 * 365;

/**
 * Makes a key of 2048 bits and a certificate that signs itself, valid for ten years.
 * @param o.host name of this machine, in the certificate and in its application URI
 * @throws Error when there is one already
 */
export async function makeCertificate(root: string, o: { host: string; library: Library }): Promise<CertificateFacts> {
  const folder = trustFolder(root);
  if (existsSync(folder.certificateFile))
    throw new Error(`${folder.certificateFile} is there already: move it and its key away to make another`);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const manager = new o.library.OPCUACertificateManager({
    rootFolder: root,
    automaticallyAcceptUnknownCertificate: false,
    disableFileWatchers: true,
  });
  try {
    await manager.initialize();
    await manager.createSelfSignedCertificate({
      applicationUri: `urn:${o.host}:coline`,
      dns: [o.host],
      outputFile: folder.certificateFile,
      subject: `/CN=Coline@${o.host}/O=Coline`,
      startDate: new Date(),
      validity: VALID_DAYS,
    });
  } finally {
    await manager.dispose();
  }
  chmodSync(folder.privateKeyFile, 0o600);
  const facts = factsOf(folder.certificateFile);
  if (facts === null) throw new Error(`${folder.certificateFile} holds no certificate`);
  return facts;
}

/**
 * Believes the server whose certificate was turned away.
 * @param thumbprint all or the first digits of it, at least eight
 * @returns null: none such was turned away, or several were
 */
export function trustRejected(root: string, thumbprint: string): CertificateFacts | null {
  const wanted = thumbprint.replaceAll(":", "").toLowerCase();
  const found = trustFacts(root).rejected.filter((facts) => wanted.length >= 8 && facts.thumbprint.startsWith(wanted));
  const [facts] = found;
  if (facts === undefined || found.length > 1) return null;
  const { trusted } = trustFolder(root);
  mkdirSync(trusted, { recursive: true });
  const file = join(trusted, basename(facts.file));
  renameSync(facts.file, file);
  return { ...facts, file };
}
