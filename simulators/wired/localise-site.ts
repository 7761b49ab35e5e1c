// Makes a copy of a site for this machine: other addresses, ports' paths and data folder, everything else as it was.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { type Document, isMap, isSeq, parseDocument, type YAMLMap } from "yaml";
import type { DeviceAddress } from "./rig-messages.ts";

export interface LocalAddresses {
  /** By device id; devices that are not named keep their address. */
  devices: Readonly<Record<string, DeviceAddress>>;
  /** By scanner id the port's path, or tcp:host:port. */
  scanners: Readonly<Record<string, string>>;
  /** Relative to the copy, or absolute. */
  dataFolder: string;
  /** 0: the gateway takes any free one. */
  gatewayPort: number;
  /** Full sensors by chute id, for chutes that the site gives none. */
  fullInputs?: Readonly<Record<string, { device: string; input: number }>>;
  /** "asked": one that has to be commissioned; left out: a simulated one, which the copy is for. */
  plant?: "asked";
  /** How codes are recognised, instead of the site's own. */
  codes?: readonly object[];
}

/**
 * Writes the copy into `intoFolder`, which is made; comments and order stay. The site's data is not copied.
 * @throws when a file is no YAML, or when a device, scanner or chute is named that the site does not have
 */
export function localiseSite(siteFolder: string, intoFolder: string, to: LocalAddresses): void {
  mkdirSync(intoFolder, { recursive: true });
  const line = read(siteFolder, "line.yaml");
  const dataFolder = String(line.get("dataFolder") ?? "data");
  cpSync(siteFolder, intoFolder, {
    recursive: true,
    filter: (path) => !`${path}${sep}`.startsWith(join(siteFolder, dataFolder) + sep),
  });

  line.set("dataFolder", to.dataFolder);
  if (to.plant === "asked") line.delete("plant");
  else line.set("plant", "simulated");
  for (const [id, { host, port, line: path }] of Object.entries(to.devices)) {
    const device = entry(line, "devices", id);
    if (path !== undefined) {
      device.set("line", path);
      continue;
    }
    if (device.get("driver") === "opcua") {
      device.set("endpoint", `opc.tcp://${host}:${port}`);
      device.set("security", line.createNode({ mode: "none" }));
      device.delete("user");
      continue;
    }
    device.set("host", host);
    device.set("port", port);
  }
  for (const [id, address] of Object.entries(to.scanners)) {
    const scanner = entry(line, "scanners", id);
    const [, host, port] = /^tcp:(.+):(\d+)$/.exec(address) ?? [];
    if (host === undefined) scanner.set("path", address);
    else {
      scanner.set("host", host);
      scanner.set("port", Number(port));
    }
  }
  write(intoFolder, "line.yaml", line);

  const chutes = read(siteFolder, "chutes.yaml");
  for (const [id, input] of Object.entries(to.fullInputs ?? {}))
    entry(chutes, "chutes", id).set("fullInput", chutes.createNode(input));
  write(intoFolder, "chutes.yaml", chutes);

  if (to.codes !== undefined) {
    const customs = read(siteFolder, "customs.yaml");
    customs.set("codes", customs.createNode(to.codes));
    write(intoFolder, "customs.yaml", customs);
  }

  const gateway = read(siteFolder, "gateway.yaml");
  gateway.setIn(["api", "host"], "127.0.0.1");
  gateway.setIn(["api", "port"], to.gatewayPort);
  write(intoFolder, "gateway.yaml", gateway);
}

function read(folder: string, file: string): Document {
  const document = parseDocument(readFileSync(join(folder, file), "utf8"));
  const [error] = document.errors;
  if (error !== undefined) throw new Error(`${join(folder, file)}: ${error.message}`);
  return document;
}

// Long lines stay lines: a site's file keeps one gate on one line.
const write = (folder: string, file: string, document: Document): void =>
  writeFileSync(join(folder, file), document.toString({ lineWidth: 0 }));

function entry(file: Document, list: "devices" | "scanners" | "chutes", id: string): YAMLMap {
  const entries = file.get(list);
  const found = isSeq(entries) ? entries.items.find((item) => isMap(item) && item.get("id") === id) : undefined;
  if (!isMap(found)) throw new RangeError(`the site has no "${id}" among its ${list}`);
  return found;
}
