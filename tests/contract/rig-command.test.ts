// `coline rig`: the site's own addresses answer while it runs, and a signal ends it cleanly.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { localiseSite } from "../../simulators/wired/localise-site.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const SITE = fileURLToPath(new URL("../../config/sites/common-line", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coline-rig-command-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  await once(server.close(), "close");
  return port;
}

test("the site's ports and paths answer, counts are printed, SIGINT ends it with 0 and nothing is left", async () => {
  const [plc1, permits, gateway] = [await freePort(), await freePort(), await freePort()];
  const link = join(folder, "links", "scan1");
  localiseSite(SITE, join(folder, "site"), {
    devices: { plc1: { host: "127.0.0.1", port: plc1 }, permits: { host: "127.0.0.1", port: permits } },
    scanners: { scan1: link },
    dataFolder: "data",
    gatewayPort: gateway,
  });
  const rig = spawn(process.execPath, [MAIN, "rig", join(folder, "site")], { stdio: ["ignore", "pipe", "inherit"] });
  const said: string[] = [];
  for await (const line of createInterface({ input: rig.stdout })) {
    said.push(line);
    if (/ s {2}belt1 0 mm\/s, 0 riding; fed 0; telegrams \d+; customs 0 acknowledged, 2\d\d waiting/.test(line)) break;
  }
  expect(said).toContain(`  plc1  Modbus TCP 127.0.0.1:${plc1}`);
  expect(said).toContain(`  scan1  ${link}, 115200 baud`);
  expect(existsSync(link)).toBe(true);
  const socket = connect(plc1, "127.0.0.1");
  await once(socket, "connect");
  socket.destroy();
  rig.kill("SIGINT");
  const [code] = (await once(rig, "exit")) as [number];
  expect(code).toBe(0);
  expect(existsSync(link)).toBe(false);
  const refused = connect(plc1, "127.0.0.1");
  const [error] = (await once(refused, "error")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ECONNREFUSED");
});

test("used wrongly: 2 and the usage; a site that is none: 1 and what is wrong", async () => {
  const ends = async (...args: string[]) => {
    const command = spawn(process.execPath, [MAIN, "rig", ...args], { stdio: ["ignore", "ignore", "pipe"] });
    let text = "";
    command.stderr.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    const [code] = (await once(command, "close")) as [number];
    return { code, text };
  };
  expect(await ends(SITE, "--rate", "0")).toEqual({
    code: 2,
    text: expect.stringContaining("usage: coline rig") as string,
  });
  expect(await ends()).toMatchObject({ code: 2 });
  expect(await ends(folder)).toEqual({ code: 1, text: expect.stringContaining("line.yaml") as string });
});
