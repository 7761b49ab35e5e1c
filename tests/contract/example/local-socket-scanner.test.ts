// The driver that docs/drivers.md walks through: it passes its port's suite, its keys are judged, and the page shows what runs.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { scannerSchema } from "../../../drivers/registry.ts";
import { nowNs, scannerClock } from "../scanner-clock.ts";
import { type ScannerRig, type ScannerRigWish, settingsOf } from "../scanner-rig.ts";
import { scannerContract } from "../scanners.ts";
import { localSocketDriver, localSocketScannerSchema } from "./local-socket-scanner.ts";

const clock = scannerClock();
const folder = mkdtempSync(join(tmpdir(), "coline-example-"));
afterAll(() => rmSync(folder, { recursive: true }));
let rigs = 0;

scannerContract("scanner behind a service of its own", openRig);

async function openRig(wish: ScannerRigWish): Promise<ScannerRig> {
  rigs += 1;
  const service = new Service(join(folder, `${rigs}.sock`));
  if (!wish.unplugged) await service.listen();
  const scanner = localSocketDriver.make({
    clock,
    config: localSocketScannerSchema.parse({
      ...{ id: "scan1", driver: "local-socket", socket: service.path },
      ...settingsOf(wish),
    }),
  });
  return {
    scanner,
    nowNs,
    send: (text) => service.send(text),
    heard: () => service.heard,
    unplug: () => service.end(),
    plug: () => service.listen(),
    async stop() {
      await scanner.close();
      await service.end();
    },
  };
}

/** The far end: the vendor's service. */
class Service {
  readonly path: string;
  heard = "";
  #server: Server | null = null;
  readonly #sockets = new Set<Socket>();

  constructor(path: string) {
    this.path = path;
  }

  async listen(): Promise<void> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => this.#sockets.delete(socket));
      socket.setEncoding("latin1").on("data", (text: string) => {
        this.heard += text;
      });
    });
    await new Promise<void>((resolve) => server.listen(this.path, resolve));
    this.#server = server;
  }

  async send(text: string): Promise<void> {
    const written = [...this.#sockets].map(
      (socket) => new Promise<void>((resolve) => socket.write(Buffer.from(text, "latin1"), () => resolve())),
    );
    await Promise.all(written);
  }

  async end(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }
}

describe("in the registry", () => {
  const union = z.discriminatedUnion("driver", [...scannerSchema.options, localSocketScannerSchema]);

  test("its schema joins the union, and a profile fills in what the site leaves out", () => {
    const scanner = { id: "top", driver: "local-socket", socket: "/run/vendor/scan.sock" } as const;
    expect(union.parse(scanner)).toMatchObject({ ...scanner, profile: "generic", silenceMs: 5000 });
  });

  test.each([
    [{ socket: "run/scan.sock" }, ["socket"]],
    [{ socket: "/run/scan.sock", baudd: 9600 }, []],
    [{ socket: "/run/scan.sock", aliveBy: "heartbeat" }, ["aliveBy"]],
  ])("%j is refused where it is wrong", (keys, path) => {
    const { error } = union.safeParse({ id: "top", driver: "local-socket", ...keys });
    expect(error?.issues.map((issue) => issue.path)).toEqual([path]);
  });

  test("a look says whether anybody listens", async () => {
    const service = new Service(join(folder, "look.sock"));
    const config = localSocketScannerSchema.parse({ id: "top", driver: "local-socket", socket: service.path });
    expect((await localSocketDriver.look(config)).error).toContain("ENOENT");
    await service.listen();
    expect((await localSocketDriver.look(config)).error).toBeNull();
    await service.end();
  });
});

test("the page shows this driver, piece by piece, as it stands here", () => {
  const page = readFileSync(new URL("../../../docs/drivers.md", import.meta.url), "utf8");
  const source = readFileSync(new URL("./local-socket-scanner.ts", import.meta.url), "utf8");
  const shown = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
  const pieces = shown.filter((code) => !code.startsWith("// drivers/registry.ts"));
  expect(pieces.length).toBeGreaterThanOrEqual(3);
  for (const piece of pieces) expect(source).toContain(piece);
});
