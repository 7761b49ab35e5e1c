// Who Coline is towards a server: its certificate, the servers' that it trusts, and the user it asks as.
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { OPCUAClientOptions, UserIdentityInfo } from "node-opcua-client";
import { factsOf, isTrusted, trustFolder } from "./certificates.ts";
import type { Library } from "./library.ts";
import type { OpcUaDevice } from "./schema.ts";

export interface Identity {
  /** Read anew for each connection, so that a certificate that was just trusted counts. @throws Error that says what is missing */
  open(library: Library): Promise<{ options: OPCUAClientOptions; user: UserIdentityInfo }>;
  close(): Promise<void>;
}

/** @param folder the site's, from which relative paths count */
export function identityOf(device: OpcUaDevice, folder: string): Identity {
  let manager: InstanceType<Library["OPCUACertificateManager"]> | null = null;
  const close = async (): Promise<void> => {
    const before = manager;
    manager = null;
    await before?.dispose();
  };
  const open: Identity["open"] = async (library) => {
    await close();
    const user = await userOf(device, { folder, library });
    const { security } = device;
    if (security.mode === "none") {
      const certificateKeyPairProvider = await nobody(library);
      return { options: { certificateKeyPairProvider, applicationUri: NOBODY_URI }, user };
    }
    const certificates = trustFolder(resolve(folder, security.certificates));
    if (!existsSync(certificates.certificateFile) || !existsSync(certificates.privateKeyFile))
      throw new Error(`no certificate of Coline's own in ${certificates.root}: coline certs makes one`);
    manager = new library.OPCUACertificateManager({
      rootFolder: certificates.root,
      automaticallyAcceptUnknownCertificate: false,
      disableFileWatchers: true,
    });
    await manager.initialize();
    keepTrust(manager, certificates.root);
    const { certificateFile, privateKeyFile } = certificates;
    // The server compares it with the one in the certificate.
    const applicationUri = factsOf(certificateFile)?.applicationUri ?? "";
    return { options: { clientCertificateManager: manager, certificateFile, privateKeyFile, applicationUri }, user };
  };
  return { open, close };
}

/** An attempt that began before a server was trusted must not take the trust back when it fails. */
function keepTrust(manager: InstanceType<Library["OPCUACertificateManager"]>, root: string): void {
  const reject = manager.rejectCertificate.bind(manager) as (certificate: Buffer) => Promise<void>;
  const unlessTrusted = async (certificate: Buffer): Promise<void> => {
    if (!isTrusted(root, certificate)) await reject(certificate);
  };
  Object.assign(manager, { rejectCertificate: unlessTrusted });
}

async function userOf(
  { user }: OpcUaDevice,
  { folder, library }: { folder: string; library: Library },
): Promise<UserIdentityInfo> {
  const { UserTokenType } = library;
  switch (user.kind) {
    case "anonymous":
      return { type: UserTokenType.Anonymous };
    case "password": {
      const text = await readFile(resolve(folder, user.passwordFile), "utf8");
      const [password = ""] = text.split(/\r?\n/, 1);
      return { type: UserTokenType.UserName, userName: user.name, password };
    }
    case "certificate": {
      const certificateData = new X509Certificate(readFileSync(resolve(folder, user.certificateFile))).raw;
      const privateKey = readFileSync(resolve(folder, user.privateKeyFile), "utf8");
      return { type: UserTokenType.Certificate, certificateData, privateKey };
    }
    default:
      return user satisfies never;
  }
}

const NOBODY_URI = "urn:coline";

let provider: Promise<InstanceType<Library["InMemoryCertificateKeyPairProvider"]>> | null = null;

/** The library wants a certificate even where nothing is signed: one in memory, that nobody looks at. */
function nobody(library: Library) {
  provider ??= makeNobody(library).catch((error: unknown) => {
    provider = null;
    throw error;
  });
  return provider;
}

async function makeNobody(library: Library) {
  const made = new library.InMemoryCertificateKeyPairProvider();
  await made.ensureCertificateExists({ applicationUri: NOBODY_URI, subject: "/CN=Coline", dns: ["localhost"] });
  return made;
}
