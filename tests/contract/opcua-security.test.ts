// Signed and encrypted sessions: who trusts whom, by user name and by certificate, and who is turned away.
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { makeCertificate, trustFacts, trustFolder, trustRejected } from "../../drivers/opcua/certificates.ts";
import { loadLibrary } from "../../drivers/opcua/library.ts";
import { OpcUaBench, type OpcUaRig } from "./opcua-rig.ts";

let bench: OpcUaBench;
let rig: OpcUaRig;

/** Coline's own certificate, a user's, and one that the server does not know. */
async function prepare(folder: string): Promise<void> {
  const library = await loadLibrary();
  const trusted = trustFolder(join(folder, "server")).trusted;
  await mkdir(trusted, { recursive: true });
  for (const name of ["certificates", "user", "stranger"]) {
    const { file } = await makeCertificate(join(folder, name), { host: `${name}.example`, library });
    if (name !== "stranger") await copyFile(file, join(trusted, `${name}.pem`));
  }
  await writeFile(join(folder, "password"), "open sesame\n");
  await writeFile(join(folder, "wrong"), "open barley\n");
}

beforeAll(async () => {
  bench = await OpcUaBench.start({ isOpen: false, users: [{ name: "coline", password: "open sesame" }] }, prepare);
}, 60_000);
afterAll(() => bench.stop());
afterEach(() => rig.close());

const PASSWORD = { kind: "password", name: "coline", passwordFile: "password" };
const secured = (change: Record<string, unknown> = {}) => ({
  ...{ security: { mode: "signAndEncrypt" }, user: PASSWORD, connectMs: 5000, timeoutMs: 150 },
  ...change,
});

/** Settles when an attempt has failed for such a reason. */
const failed = (pattern: RegExp) =>
  expect.poll(() => rig.plc.health().lastError ?? "", { timeout: 10_000 }).toMatch(pattern);

describe("a server that Coline does not know", () => {
  test("is turned away, its certificate is shown, and once it is trusted the next attempt connects", async () => {
    rig = await bench.rig(secured());
    await failed(/certificate/i);
    expect(rig.heard.isConnected).toBe(false);
    const certificates = join(bench.folder, "certificates");
    const [server] = trustFacts(certificates).rejected;
    expect(server?.applicationUri).toBe("urn:coline:simulated-plc");
    expect(trustRejected(certificates, "00000000")).toBeNull();
    expect(trustRejected(certificates, server?.thumbprint.slice(0, 8) ?? "")).not.toBeNull();
    await rig.heard.until(() => rig.heard.isArmed);
    expect(trustFacts(certificates).rejected).toEqual([]);
  });
});

describe("a session that is signed and encrypted", () => {
  test("with user name and password moves a gate, and survives a broken link", async () => {
    rig = await bench.rig(secured());
    const { plc, heard } = rig;
    await heard.until(() => heard.isArmed);
    plc.permit({
      ...{ id: 7, gateId: "judged", chuteId: "chute1", fromNs: rig.nowNs(), untilNs: rig.nowNs() + 1e9 },
      window: { fromCount: rig.count(), untilCount: rig.count() + 100, homeAtCount: rig.count() + 300 },
      maxOutMs: 60_000,
    });
    await heard.until(() => heard.outcomes(7).length > 0);
    expect(heard.outcomes(7)).toEqual(["done"]);
    await rig.cut();
    await heard.until(() => !heard.isConnected);
    await rig.restore();
    await heard.until(() => heard.isArmed);
    expect(plc.counts().sessions).toBe(1);
  });

  test("with a certificate of the user's own is accepted", async () => {
    const user = {
      kind: "certificate",
      certificateFile: "user/own/certs/coline.pem",
      privateKeyFile: "user/own/private/private_key.pem",
    };
    rig = await bench.rig(secured({ user }));
    await rig.heard.until(() => rig.heard.isArmed);
  });

  test("with a wrong password is refused", async () => {
    rig = await bench.rig(secured({ user: { ...PASSWORD, passwordFile: "wrong" } }));
    await failed(/BadUserAccessDenied|BadIdentityTokenRejected/);
    expect(rig.heard.isConnected).toBe(false);
  });

  test("without a user is refused by a server that wants one", async () => {
    rig = await bench.rig(secured({ user: { kind: "anonymous" } }));
    await failed(/BadIdentityToken|BadUserAccessDenied|anonymous/i);
    expect(rig.heard.isConnected).toBe(false);
  });

  test("by a client that the server does not know is refused", async () => {
    const stranger = join(bench.folder, "stranger");
    await mkdir(trustFolder(stranger).trusted, { recursive: true });
    for (const { file } of trustFacts(join(bench.folder, "certificates")).trusted)
      await copyFile(file, join(trustFolder(stranger).trusted, "server.pem"));
    rig = await bench.rig(secured({ security: { mode: "signAndEncrypt", certificates: "stranger" } }));
    await failed(/rejected|BadSecurityChecksFailed|BadCertificate|disconnected|closed/i);
    expect(rig.heard.isConnected).toBe(false);
  });

  test("without a certificate of Coline's own says how to make one", async () => {
    rig = await bench.rig(secured({ security: { mode: "signAndEncrypt", certificates: "nowhere" } }));
    await failed(/coline certs/);
    expect(rig.heard.isConnected).toBe(false);
  });
});

describe("a session in the open", () => {
  test("is not to be had from a server that wants encryption", async () => {
    rig = await bench.rig({ user: { kind: "anonymous" }, connectMs: 2000 });
    await failed(/end ?point must exist/i);
    expect(rig.heard.isConnected).toBe(false);
  });
});
