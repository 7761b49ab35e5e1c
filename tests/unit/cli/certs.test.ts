// `coline certs`: makes a certificate once, shows what there is and until when, trusts a server that was turned away.
import { createPrivateKey, X509Certificate } from "node:crypto";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { makeCertificate, trustFolder } from "../../../drivers/opcua/certificates.ts";
import { loadLibrary } from "../../../drivers/opcua/library.ts";
import { run } from "../../../src/cli/commands/certs.ts";
import { exampleFolder } from "../config/example-site.ts";

const folder = mkdtempSync(join(tmpdir(), "coline-certs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A site whose device wants certificates, and none there yet. */
function newSite(name: string): string {
  const site = join(folder, name);
  cpSync(exampleFolder("three-buses"), site, { recursive: true });
  return site;
}

const own = (site: string) => trustFolder(join(site, "certificates"));
const modeOf = (path: string): number => statSync(path).mode & 0o777;

async function give(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: "", err: "" };
  const into =
    (stream: "out" | "err") =>
    (text: string | Uint8Array): boolean => {
      said[stream] += String(text);
      return true;
    };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(into("out")),
    vi.spyOn(process.stderr, "write").mockImplementation(into("err")),
  ];
  try {
    return { code: await run(args), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Two servers' certificates: one that is good, one that has run out. */
const servers = { good: "", old: "" };
const site = newSite("made");
let made: Awaited<ReturnType<typeof give>>;

beforeAll(async () => {
  made = await give(site, "make", "--host", "plant-pc");
  const library = await loadLibrary();
  servers.good = (await makeCertificate(join(folder, "server"), { host: "server", library })).file;
  servers.old = join(folder, "old.pem");
  const rootFolder = join(folder, "server");
  const manager = new library.OPCUACertificateManager({ rootFolder, disableFileWatchers: true });
  await manager.initialize();
  await manager.createSelfSignedCertificate({
    applicationUri: "urn:old:server",
    dns: ["old"],
    outputFile: servers.old,
    subject: "/CN=Old",
    startDate: new Date("2015-01-01"),
    validity: 365,
  });
  await manager.dispose();
}, 60_000);

/** As a controller leaves it that has turned a server away. */
function turnedAway(name: string, ...files: string[]): string {
  const copy = newSite(name);
  const { rejected } = own(copy);
  mkdirSync(rejected, { recursive: true });
  for (const [index, file] of files.entries()) copyFileSync(file, join(rejected, `${index}.pem`));
  return copy;
}

const thumbprintOf = (file: string): string => new X509Certificate(readFileSync(file)).fingerprint;

test("before anything was made: it says so, and how to make one", async () => {
  const { code, out } = await give(newSite("bare"));
  expect(code).toBe(0);
  expect(out).toContain("none: coline certs SITE make");
  expect(out).toContain("trusted servers: 0");
  expect(out).toContain("turned away: 0");
});

test("make: a key and the certificate that belongs to it, for this machine's name, good for ten years", () => {
  const { certificateFile, privateKeyFile } = own(site);
  const certificate = new X509Certificate(readFileSync(certificateFile));
  expect(made.code).toBe(0);
  expect(made.out).toContain(`made ${certificateFile}`);
  expect(made.out).toContain("urn:plant-pc:coline");
  expect(made.out).toContain("let each server trust this certificate");
  expect(certificate.checkPrivateKey(createPrivateKey(readFileSync(privateKeyFile)))).toBe(true);
  expect(certificate.subjectAltName).toContain("plant-pc");
  const years = (certificate.validToDate.getTime() - Date.now()) / (365 * 24 * 3600e3);
  expect(years).toBeGreaterThan(9.9);
});

test("make: nobody but the owner may read the key, nor look into the folder", () => {
  const { root, privateKeyFile } = own(site);
  expect(modeOf(privateKeyFile)).toBe(0o600);
  expect(modeOf(root)).toBe(0o700);
});

test("make again: refused, says what to do, and not a byte has changed", async () => {
  const files = [own(site).certificateFile, own(site).privateKeyFile];
  const before = files.map((file) => readFileSync(file, "latin1"));
  const { code, err } = await give(site, "make");
  expect(code).toBe(1);
  expect(err).toMatch(/has a certificate already; move it away/);
  expect(files.map((file) => readFileSync(file, "latin1"))).toEqual(before);
});

test("make beside a certificate whose key is gone: refused by name, and it stays", async () => {
  const half = newSite("half");
  const { certificateFile } = own(half);
  mkdirSync(join(certificateFile, ".."), { recursive: true });
  copyFileSync(servers.good, certificateFile);
  await expect(give(half, "make")).rejects.toThrow(`${certificateFile} is there already`);
  expect(readFileSync(certificateFile)).toEqual(readFileSync(servers.good));
});

test("show: thumbprint, application and the last day of what there is", async () => {
  const { certificateFile } = own(site);
  const { code, out } = await give(site);
  const { validToDate } = new X509Certificate(readFileSync(certificateFile));
  expect(code).toBe(0);
  expect(out).toContain(thumbprintOf(certificateFile).replaceAll(":", "").toLowerCase());
  expect(out).toContain(`to ${validToDate.toISOString().slice(0, 10)}\n`);
});

test("show: a certificate that has run out says so", async () => {
  const { out } = await give(turnedAway("old", servers.old));
  expect(out).toMatch(/urn:old:server, good from 2015-01-01 to .*: IT HAS RUN OUT/);
});

test("show: one that runs out within three months says in how many days", async () => {
  const late = turnedAway("late", servers.good);
  const last = new X509Certificate(readFileSync(servers.good)).validToDate;
  vi.useFakeTimers({ now: last.getTime() - 10.5 * 24 * 3600e3, toFake: ["Date"] });
  try {
    expect((await give(late)).out).toContain("RUNS OUT IN 10 DAYS");
  } finally {
    vi.useRealTimers();
  }
});

test("trust: by the first digits, and from then on it is among the trusted and not among those turned away", async () => {
  const copy = turnedAway("trusting", servers.good, servers.old);
  const { code, out } = await give(copy, "trust", thumbprintOf(servers.good).slice(0, 12));
  expect(code).toBe(0);
  expect(out).toContain("trusted ");
  expect(readdirSync(own(copy).trusted)).toEqual(["0.pem"]);
  expect(readdirSync(own(copy).rejected)).toEqual(["1.pem"]);
  expect((await give(copy)).out).toMatch(/trusted servers: 1,.*turned away: 1/s);
});

test.each([
  ["too few digits", () => thumbprintOf(servers.good).replaceAll(":", "").slice(0, 7)],
  ["digits of none of them", () => "0123456789abcdef"],
])("trust: %s: refused, and nobody is trusted", async (name, thumbprint) => {
  const copy = turnedAway(name, servers.good);
  const { code, err } = await give(copy, "trust", thumbprint());
  expect(code).toBe(1);
  expect(err).toMatch(/no single certificate .* see coline certs SITE/);
  expect(existsSync(own(copy).trusted)).toBe(false);
});

test("files that are no certificates are left out, and end nothing", async () => {
  const copy = turnedAway("noise", servers.good);
  writeFileSync(join(own(copy).rejected, "notes.txt"), "call the vendor");
  const { code, out } = await give(copy);
  expect(code).toBe(0);
  expect(out).toContain("turned away: 1");
});

test("a site without such a device has nothing to do with certificates", async () => {
  expect(await give(exampleFolder("common-line"), "make")).toMatchObject({
    code: 0,
    out: "no device of this site uses certificates\n",
  });
});

test.each([
  ["no site", []],
  ["a verb that there is not", ["SITE", "renew"]],
  ["trust without a thumbprint", ["SITE", "trust"]],
  ["a thumbprint where none belongs", ["SITE", "make", "0123456789"]],
  ["an option that there is not", ["SITE", "--force"]],
])("%s: the usage, and exit code 2", async (_, args) => {
  const { code, err } = await give(...args);
  expect(code).toBe(2);
  expect(err).toContain("usage: coline certs SITE");
});

test("asked for help it helps; a folder that is no site is refused by its name", async () => {
  expect(await give("--help")).toMatchObject({ code: 0, out: expect.stringContaining("usage: coline certs") });
  const none = join(folder, "nowhere");
  const { code, err } = await give(none, "make");
  expect(code).toBe(1);
  expect(err).toContain("nowhere");
});
