// Each wrong site is the example with one passage replaced: the problem's code, place and remedy must be right.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadSite, loadSiteText } from "../../../src/config/load.ts";
import { problemText } from "../../../src/config/problem.ts";
import { SITE_FILE_NAMES, type SiteFile } from "../../../src/config/site-files.ts";
import { type ExampleName, edited, exampleFolder, exampleTexts, problemsOf } from "./example-site.ts";

interface Wrong {
  situation: string;
  file?: SiteFile;
  site?: ExampleName;
  replace: string;
  by: string;
  code: string;
  /** The text at which the problem must point, on the line of the replacement if not elsewhere. */
  at: string;
  elsewhere?: true;
  path: string;
  what: string;
  right: string;
}

const WRONG: readonly Wrong[] = [
  {
    situation: "a plant that is called simulated and stands on the network",
    replace: "host: 127.0.0.1",
    by: "host: 192.168.0.10",
    code: "CONFIG_PLANT_NOT_SIMULATED",
    at: "simulated",
    elsewhere: true,
    path: "plant",
    what: 'device "plc1" is on another machine',
    right: "no `plant` at all, and `coline commission`",
  },
  {
    situation: "an OPC UA server elsewhere in a simulated plant",
    site: "three-buses",
    replace: "endpoint: opc.tcp://127.0.0.1:4840",
    by: "endpoint: opc.tcp://plc.example:4840",
    code: "CONFIG_PLANT_NOT_SIMULATED",
    at: "simulated",
    elsewhere: true,
    path: "plant",
    what: 'device "io-a" is on another machine',
    right: "no `plant` at all, and `coline commission`",
  },
  {
    situation: "a pattern that takes test parcels for waybills",
    file: "customs.yaml",
    replace: 'pattern: "[0-9]{12}", check: fedex12',
    by: 'pattern: "[A-Z-]{10,}[0-9]{2}", check: none',
    code: "CONFIG_TEST_CODE_TAKEN",
    at: '"[A-Z-]',
    path: "codes[2].pattern",
    what: "COLINE-TEST-00, the code of a test parcel, would be a waybill",
    right: "a pattern that no code from COLINE-TEST-00 to COLINE-TEST-99 matches",
  },
  {
    situation: "a key that nobody knows",
    replace: "speedMmPerS: 2000",
    by: "speedMmPerSec: 2000",
    code: "CONFIG_UNKNOWN_KEY",
    at: "speedMmPerSec",
    path: "belts[0].speedMmPerSec",
    what: '"speedMmPerSec" is no key of belts[0]',
    right: '"speedMmPerS"',
  },
  {
    situation: "a key far from any other",
    replace: "coastMm: 600",
    by: "coastMm: 600\n    colour: red",
    code: "CONFIG_UNKNOWN_KEY",
    at: "colour",
    elsewhere: true,
    path: "belts[0].colour",
    what: '"colour" is no key of belts[0]',
    right:
      "one of id, lengthMm, speedMmPerS, minSpeedMmPerS, coastMm, driftPercent, items, tracking, encoder, runPermit, " +
      "signals, infeedPermit, safeEnd, eyes, stations, gates",
  },
  {
    situation: "text where a number belongs",
    replace: "speedMmPerS: 2000",
    by: "speedMmPerS: fast",
    code: "CONFIG_WRONG_TYPE",
    at: "fast",
    path: "belts[0].speedMmPerS",
    what: "speedMmPerS is fast",
    right: "a number from 50 to 5000",
  },
  {
    situation: "a number out of range",
    replace: "driftPercent: 0.5",
    by: "driftPercent: 50",
    code: "CONFIG_OUT_OF_RANGE",
    at: "50",
    path: "belts[0].driftPercent",
    what: "driftPercent is 50",
    right: "a number from 0 to 20",
  },
  {
    situation: "a value left empty",
    replace: "coastMm: 600",
    by: "coastMm:",
    code: "CONFIG_WRONG_TYPE",
    at: "coastMm:",
    path: "belts[0].coastMm",
    what: "coastMm is left empty",
    right: "a number from 0 to 50000",
  },
  {
    situation: "a key that is missing",
    replace: "    coastMm: 600\n",
    by: "",
    code: "CONFIG_MISSING_KEY",
    at: "id: belt1",
    elsewhere: true,
    path: "belts[0].coastMm",
    what: "coastMm is missing",
    right: "coastMm: a number from 0 to 50000",
  },
  {
    situation: "a kind that does not exist",
    replace: "drive: { kind: mailbox, register: 100",
    by: "drive: { kind: pigeon, register: 100",
    code: "CONFIG_WRONG_VALUE",
    at: "pigeon",
    path: "belts[0].gates[0].drive.kind",
    what: "kind is pigeon",
    right: "mailbox | coil | coils | register | command | destination",
  },
  {
    situation: "a gate without a chute",
    replace: "chutes: [out-express-import],",
    by: "chutes: [],",
    code: "CONFIG_OUT_OF_RANGE",
    at: "[]",
    path: "belts[0].gates[0].chutes",
    what: "chutes is a list of 0",
    right: "a list of 1 to 8",
  },
  {
    situation: "a name that YAML reads as a number",
    replace: "site: common-line",
    by: "site: 012",
    code: "CONFIG_NOT_TEXT",
    at: "012",
    path: "site",
    what: "site is 012, which YAML reads as the number 12",
    right: "a name: a small letter, then small letters, digits and hyphens, at most 32",
  },
  {
    situation: "a company that YAML reads as a number",
    file: "customs.yaml",
    replace: "companies: [UPS]",
    by: "companies: [1e3]",
    code: "CONFIG_NOT_TEXT",
    at: "1e3",
    path: "codes[1].companies[0]",
    what: "companies[0] is 1e3, which YAML reads as the number 1000",
    right: "text like ^[A-Z0-9][A-Z0-9_-]{0,31}$",
  },
  {
    situation: "a regular expression that is none",
    file: "customs.yaml",
    replace: '"1Z[0-9A-Z]{16}"',
    by: '"1Z[0-9A-Z{16}"',
    code: "CONFIG_WRONG_VALUE",
    at: '"1Z',
    path: "codes[1].pattern",
    what: "pattern cannot be so",
    right: "Invalid regular expression: /^(?:1Z[0-9A-Z{16})$/u: Unterminated character class",
  },
  {
    situation: "a key that stands twice",
    replace: "coastMm: 600",
    by: "coastMm: 600\n    coastMm: 700",
    code: "CONFIG_DUPLICATE_KEY",
    at: "coastMm",
    elsewhere: true,
    path: "",
    what: '"coastMm" stands here a second time',
    right: "each key once",
  },
  {
    situation: "a journal kept for less than three years, and no archive",
    replace: "  minFreeMb: 512",
    by: "  retainDays: 1095\n  minFreeMb: 512",
    code: "CONFIG_RETENTION_TOO_SHORT",
    at: "1095",
    path: "storage.retainDays",
    what: "the journal would be deleted after 1095 days, and there is no archive",
    right: "1096 days or more, or an archiveFolder",
  },
  {
    situation: "a tab as indentation",
    replace: "  minFreeMb: 512",
    by: "\tminFreeMb: 512",
    code: "CONFIG_YAML_SYNTAX",
    at: "\tminFreeMb",
    path: "",
    what: "Tabs are not allowed as indentation",
    right: "blanks for indentation, no tabs",
  },
  {
    situation: "an alias",
    replace: "host: 127.0.0.1\n    port: 1502",
    by: "host: &here 127.0.0.1\n    port: *here",
    code: "CONFIG_YAML_ALIAS",
    at: "*here",
    elsewhere: true,
    path: "",
    what: "*here stands for something written elsewhere",
    right: "the value itself: a site file says what it says where it says it",
  },
  {
    situation: "a device named twice",
    replace: "- id: permits",
    by: "- id: plc1",
    code: "CONFIG_DUPLICATE_ID",
    at: "plc1",
    path: "devices[1].id",
    what: '"plc1" is the name of another device',
    right: "a name that no other device has",
  },
  {
    situation: "a device with a name in capitals",
    replace: "- id: permits",
    by: "- id: PERMITS",
    code: "CONFIG_WRONG_VALUE",
    at: "PERMITS",
    path: "devices[1].id",
    what: '"PERMITS" is no good name',
    right: "a small letter, then small letters, digits and hyphens, at most 32",
  },
  {
    situation: "an eye named twice on two belts",
    site: "plain-coils",
    replace: "id: track-b1",
    by: "id: track-a1",
    code: "CONFIG_DUPLICATE_ID",
    at: "track-a1",
    path: "belts[1].eyes[1].id",
    what: '"track-a1" is the name of another eye',
    right: "a name that no other eye has",
  },
  {
    situation: "a route named twice",
    file: "chutes.yaml",
    replace: "{ id: inspect,",
    by: "{ id: released-cbec-export,",
    code: "CONFIG_DUPLICATE_ID",
    at: "released-cbec-export",
    path: "routes[4].id",
    what: '"released-cbec-export" is the name of another route',
    right: "a name that no other route has",
  },
  {
    situation: "a route to a chute that does not exist",
    file: "chutes.yaml",
    replace: "to: [inspection]",
    by: "to: [inspektion]",
    code: "CONFIG_UNKNOWN_REFERENCE",
    at: "inspektion",
    path: "routes[4].to[0]",
    what: 'there is no chute "inspektion"',
    right: '"inspection"',
  },
  {
    situation: "an eye on a device that does not exist",
    replace: "{ id: track1, role: track, atMm: 2600, device: plc1",
    by: "{ id: track1, role: track, atMm: 2600, device: remote",
    code: "CONFIG_UNKNOWN_REFERENCE",
    at: "remote",
    path: "belts[0].eyes[1].device",
    what: 'there is no device "remote"',
    right: "one of plc1, permits",
  },
  {
    situation: "a station with a scanner that does not exist",
    replace: "scanners: [scan1]",
    by: "scanners: [scan1, scan2]",
    code: "CONFIG_UNKNOWN_REFERENCE",
    at: "scan2",
    path: "belts[0].stations[0].scanners[1]",
    what: 'there is no scanner "scan2"',
    right: '"scan1"',
  },
  {
    situation: "a chute that two gates serve",
    replace: "positions: { inspection: 1 }",
    by: "positions: { inspection: 1, abnormal: 2 }",
    code: "CONFIG_UNKNOWN_REFERENCE",
    at: "abnormal: 2",
    path: "belts[0].gates[4].drive.positions.abnormal",
    what: '"abnormal" is no chute of gate "g5"',
    right: "one of inspection",
  },
  {
    situation: "a chute that a gate serves and the safe end too",
    replace:
      "chutes: [inspection],          drive: { kind: mailbox, register: 180, status: 32, positions: { inspection: 1 } }",
    by: "chutes: [inspection, abnormal],drive: { kind: mailbox, register: 180, status: 32, positions: { inspection: 1, abnormal: 2 } }",
    code: "CONFIG_CHUTE_SERVED_TWICE",
    at: "abnormal, reserveItems",
    elsewhere: true,
    path: "belts[0].safeEnd.chute",
    what: 'chute "abnormal" already belongs to gate "g5"',
    right: "each chute once",
  },
  {
    situation: "a chute that nothing serves",
    file: "chutes.yaml",
    replace: "  - { id: abnormal, zone: { kind: abnormal } }",
    by: "  - { id: abnormal, zone: { kind: abnormal } }\n  - { id: spare, zone: { kind: abnormal } }",
    code: "CONFIG_CHUTE_UNSERVED",
    at: "spare",
    elsewhere: true,
    path: "chutes[10].id",
    what: 'no gate and no safe end leads to chute "spare"',
    right: '"spare" in the chutes of one gate of line.yaml, or no such chute',
  },
  {
    situation: "a scanner that no station reads",
    site: "plain-coils",
    replace: "scanners: [scan-b-left, scan-b-right]",
    by: "scanners: [scan-b-left]",
    code: "CONFIG_SCANNER_UNUSED",
    at: "scan-b-right",
    elsewhere: true,
    path: "scanners[2].id",
    what: 'no station reads scanner "scan-b-right"',
    right: '"scan-b-right" in the scanners of one station, or no such scanner',
  },
  {
    situation: "a scanner in two stations",
    site: "plain-coils",
    replace: "scanners: [scan-b-left, scan-b-right]",
    by: "scanners: [scan-b-left, scan-b-right, scan-a]",
    code: "CONFIG_SCANNER_USED_TWICE",
    at: "scan-a]",
    path: "belts[1].stations[0].scanners[2]",
    what: 'scanner "scan-a" already belongs to station "tunnel-a"',
    right: "each scanner once",
  },
  {
    situation: "a gate beyond the end of its belt",
    replace: "{ id: g9, atMm: 12400,",
    by: "{ id: g9, atMm: 13900,",
    code: "CONFIG_OFF_BELT",
    at: "13900",
    path: "belts[0].gates[8].atMm",
    what: '"g9" reaches to 14020 mm, but the belt ends at 14000 mm',
    right: "at most 13880",
  },
  {
    situation: "a gate where its station may still be reading",
    replace: "{ id: g1, atMm: 3200,",
    by: "{ id: g1, atMm: 1300,",
    code: "CONFIG_GATE_BEFORE_STATION",
    at: "1300",
    path: "belts[0].gates[0].atMm",
    what: 'gate "g1" lies at 1300 mm, where station "top" may still be reading (to 1350 mm)',
    right: "above 1350",
  },
  {
    situation: "gates out of order",
    replace: "{ id: g2, atMm: 4200,",
    by: "{ id: g2, atMm: 5300,",
    code: "CONFIG_OUT_OF_ORDER",
    at: "5200",
    elsewhere: true,
    path: "belts[0].gates[2].atMm",
    what: "gates[2] lies at 5200 mm, not behind the one before it at 5300 mm",
    right: "gates listed from upstream to downstream, each at a place of its own",
  },
  {
    situation: "a gate inside the zone that another sweeps",
    replace: "{ id: g2, atMm: 4200,",
    by: "{ id: g2, atMm: 3300,",
    code: "CONFIG_GATES_OVERLAP",
    at: "3300",
    path: "belts[0].gates[1].atMm",
    what: 'gate "g2" lies at 3300 mm, inside the zone that "g1" sweeps',
    right: "at least 3320",
  },
  {
    situation: "eyes out of order",
    replace: "{ id: past-g1, role: track, atMm: 3360,",
    by: "{ id: past-g1, role: track, atMm: 2000,",
    code: "CONFIG_OUT_OF_ORDER",
    at: "2000",
    path: "belts[0].eyes[2].atMm",
    what: "eyes[2] lies at 2000 mm, not behind the one before it at 2600 mm",
    right: "eyes listed from upstream to downstream, each at a place of its own",
  },
  {
    situation: "a width eye far from the induction eye",
    replace: "role: track, atMm: 2600,",
    by: "role: width, atMm: 2600,",
    code: "CONFIG_EYE_ROLE",
    at: "2600",
    path: "belts[0].eyes[1].atMm",
    what: 'width eye "track1" lies at 2600 mm, the induction eye at 200 mm',
    right: "at most 50 mm from 200: beside the induction eye",
  },
  {
    situation: "a track eye where the induction eye belongs",
    replace: "{ id: induction, role: induction,",
    by: "{ id: induction, role: track,",
    code: "CONFIG_EYE_ROLE",
    at: "track,",
    path: "belts[0].eyes[0].role",
    what: 'eye "induction" is the first, but its role is track',
    right: "induction: one induction eye first, one end eye last, track eyes between",
  },
  {
    situation: "a least speed above the speed",
    replace: "minSpeedMmPerS: 200",
    by: "minSpeedMmPerS: 2500",
    code: "CONFIG_OUT_OF_RANGE",
    at: "2500",
    path: "belts[0].minSpeedMmPerS",
    what: "minSpeedMmPerS is 2500",
    right: "below 2000, the belt's speed",
  },
  {
    situation: "kept edges without the belt's count",
    replace: "atMm: 2600, device: plc1, input: 1 }",
    by: "atMm: 2600, device: permits, input: 1, latch: { register: 60, scanMs: 1 } }",
    code: "CONFIG_LATCH_COUNT",
    at: "{ register: 60",
    path: "belts[0].eyes[1].latch",
    what: `the edges of eye "track1" are kept with the belt's count, and "permits" does not count the belt`,
    right: "the belt's encoder on the eye's device, or no latch",
  },
  {
    situation: "kept edges that are to be debounced afterwards",
    replace: "atMm: 2600, device: plc1, input: 1 }",
    by: "atMm: 2600, device: plc1, input: 1, debounceMs: 2, latch: { register: 60, scanMs: 1 } }",
    code: "CONFIG_LATCH_COUNT",
    at: "2, latch",
    path: "belts[0].eyes[1].debounceMs",
    what: 'the edges of eye "track1" are kept by its device, where a flicker is an edge already',
    right: "a debounce in the device, before it keeps the edge",
  },
  {
    situation: "kept edges in registers of another eye's",
    replace:
      "input: 1 }\n      # Right behind each gate's zone: what came before a parcel must be seen to leave it before the gate moves again.\n      - { id: past-g1, role: track, atMm: 3360, device: plc1, input: 2 }",
    by: "input: 1, latch: { register: 60, scanMs: 1 } }\n      - { id: past-g1, role: track, atMm: 3360, device: plc1, input: 2, latch: { register: 64, scanMs: 1 } }",
    code: "CONFIG_ADDRESS_TWICE",
    at: "64, scanMs",
    elsewhere: true,
    path: "belts[0].eyes[2].latch.register",
    what: 'input register 64 of "plc1" already is the edges of eye "track1"',
    right: "5 input registers of its own",
  },
  {
    situation: "an input with two meanings",
    replace: "device: plc1, input: 1 }",
    by: "device: plc1, input: 0 }",
    code: "CONFIG_ADDRESS_TWICE",
    at: "0 }",
    path: "belts[0].eyes[1].input",
    what: 'discrete input 0 of "plc1" already is eye "induction"',
    right: "a discrete input of its own",
  },
  {
    situation: "a signal on an eye's input",
    replace: "infeedPermit: { device: permits, coil: 1 }",
    by: "infeedPermit: { device: permits, coil: 1 }\n    signals: { airOk: { device: plc1, input: 0 } }",
    code: "CONFIG_ADDRESS_TWICE",
    at: "0 }",
    elsewhere: true,
    path: "belts[0].eyes[0].input",
    what: 'discrete input 0 of "plc1" already is airOk of "belt1"',
    right: "a discrete input of its own",
  },
  {
    situation: "a signal of a device that does not exist",
    replace: "infeedPermit: { device: permits, coil: 1 }",
    by: "infeedPermit: { device: permits, coil: 1 }\n    signals: { airOk: { device: plc9, input: 30 } }",
    code: "CONFIG_UNKNOWN_REFERENCE",
    at: "plc9",
    elsewhere: true,
    path: "belts[0].signals.airOk.device",
    what: 'there is no device "plc9"',
    right: '"plc1"',
  },
  {
    situation: "a mailbox inside another's registers",
    replace: "register: 120, status: 20",
    by: "register: 111, status: 20",
    code: "CONFIG_ADDRESS_TWICE",
    at: "111",
    path: "belts[0].gates[1].drive.register",
    what: 'holding register 111 of "plc1" already is gate "g1"',
    right: "12 holding registers of its own",
  },
  {
    situation: "a gate's coil that is another gate's",
    site: "plain-coils",
    replace: "drive: { kind: coil, coil: 1, homeInput: 18, outInput: 19 }",
    by: "drive: { kind: coil, coil: 0, homeInput: 18, outInput: 19 }",
    code: "CONFIG_ADDRESS_TWICE",
    at: "0, homeInput: 18",
    path: "belts[0].gates[1].drive.coil",
    what: 'coil 0 of "io-a" already is gate "a1"',
    right: "a coil of its own",
  },
  {
    situation: "an input beyond the packed ones",
    file: "chutes.yaml",
    replace: "eye: { device: plc1, input: 9 }",
    by: "eye: { device: plc1, input: 32 }",
    code: "CONFIG_INPUT_NOT_PACKED",
    at: "32",
    path: "chutes[4].eye.input",
    what: '"plc1" packs 32 inputs, so that there is no input 32',
    right: "at most 31, or more words in packedInputs",
  },
  {
    situation: "a mailbox on a belt without an encoder",
    site: "plain-coils",
    replace: "drive: { kind: coil, coil: 2, homeInput: 20 }",
    by: "drive: { kind: mailbox, register: 100, status: 16, positions: { inspection-a: 1 } }",
    code: "CONFIG_MAILBOX_WITHOUT_ENCODER",
    at: "mailbox",
    path: "belts[0].gates[2].drive.kind",
    what: 'gate "a3" judges belt windows, but belt "belt-a" has no encoder',
    right: 'an encoder on belt "belt-a", or a drive of kind coil',
  },
  {
    situation: "a mailbox whose device does not count the encoder",
    replace: "encoder: { id: enc1, device: plc1, register: 2",
    by: "encoder: { id: enc1, device: permits, register: 2",
    code: "CONFIG_MAILBOX_WITHOUT_ENCODER",
    at: "plc1, chutes: [out-express-import]",
    elsewhere: true,
    path: "belts[0].gates[0].device",
    what: '"plc1" cannot judge belt windows: encoder "enc1" is counted by "permits"',
    right: '"permits"',
  },
  {
    situation: "a chute of a mailbox without a position",
    replace: "positions: { out-cbec-import: 1 }",
    by: "positions: {}",
    code: "CONFIG_POSITION_MISSING",
    at: "{}",
    path: "belts[0].gates[2].drive.positions",
    what: 'gate "g3" has no position for its chute "out-cbec-import"',
    right: '"out-cbec-import: <position code>"',
  },
  {
    situation: "one coil for two chutes",
    site: "plain-coils",
    replace: "chutes: [out-cbec-import], drive",
    by: "chutes: [out-cbec-import, spare], drive",
    code: "CONFIG_COIL_OF_TWO_CHUTES",
    at: "[out-cbec-import, spare]",
    path: "belts[1].gates[0].chutes",
    what: 'gate "b1" has 2 chutes, but one coil knows only home and out',
    right: "one chute for a gate that a coil drives",
  },
  {
    situation: "a gateway that others reach without tokens",
    file: "gateway.yaml",
    replace: "host: 127.0.0.1",
    by: "host: 0.0.0.0",
    code: "CONFIG_EXPOSED_WITHOUT_TOKENS",
    at: "0.0.0.0",
    path: "api.host",
    what: "0.0.0.0 is reached from other machines, and no tokens are listed",
    right: "127.0.0.1, or tokens (`coline token` makes one)",
  },
  {
    situation: "a token that is not hashed",
    file: "gateway.yaml",
    replace: "tokens: []",
    by: "tokens: [{ name: wms, scopes: [feed], sha256: secret }]",
    code: "CONFIG_WRONG_VALUE",
    at: "secret",
    path: "tokens[0].sha256",
    what: "sha256 is secret",
    right: "64 hex digits in small letters",
  },
  {
    situation: "a chute's eye without its slide time",
    file: "chutes.yaml",
    replace: "eye: { device: plc1, input: 9 }, slideMs: [430, 580] }",
    by: "eye: { device: plc1, input: 9 } }",
    code: "CONFIG_WRONG_VALUE",
    at: "{ device: plc1, input: 9 }",
    path: "chutes[4].eye",
    what: "eye cannot be so",
    right: "an eye needs slideMs: when the parcel may be seen",
  },
  {
    situation: "a stream for a chute that has none",
    file: "chutes.yaml",
    replace: "zone: { kind: inspection }, eye:",
    by: "zone: { kind: inspection }, alsoFor: [{ stream: cbec, direction: import }], eye:",
    code: "CONFIG_WRONG_VALUE",
    at: "[{ stream: cbec",
    path: "chutes[4].alsoFor",
    what: "alsoFor cannot be so",
    right: "a chute for inspection has no stream",
  },
  {
    situation: "a profile that nobody has written",
    replace: "silenceMs: 5000",
    by: "silenceMs: 5000\n    profile: sick-clw",
    code: "CONFIG_WRONG_VALUE",
    at: "sick-clw",
    elsewhere: true,
    path: "scanners[0].profile",
    what: "profile is sick-clw",
    right:
      "generic | lines | handheld | sick-clv | sick-clv-status | sick-crlf | datalogic | datalogic-index | leuze | " +
      "keyence | keyence-stx | cognex-dataman | denso | denso-qs | denso-qk | microscan | allen-bradley-2755",
  },
  {
    situation: "a key of a scanner's check character that is none",
    replace: "aimPrefix: true",
    by: "check: { kind: xor, cover: end }",
    code: "CONFIG_UNKNOWN_KEY",
    at: "cover",
    path: "scanners[0].framing.check.cover",
    what: '"cover" is no key of check',
    right: "one of kind, coversStart, coversEnd, place",
  },
  {
    situation: "a field of a telegram that ends in two ways",
    replace: "aimPrefix: true",
    by: 'fields: { head: [{ is: triggerId, chars: 4, mark: ";" }] }',
    code: "CONFIG_WRONG_VALUE",
    at: "{ is: triggerId",
    path: "scanners[0].framing.fields.head[0]",
    what: "head[0] cannot be so",
    right: "either chars or mark: where the field ends must be known in one way",
  },
  {
    situation: "a scanner over TCP that says nothing when it reads nothing",
    replace:
      'driver: serial\n    path: /dev/serial/by-id/scan1\n    baud: 115200\n    silenceMs: 5000\n    framing:\n      start: "\\u0002"\n' +
      '      end: "\\u0003"\n      separator: ";"\n      noRead: NOREAD',
    by: "driver: serial-tcp\n    host: 10.0.0.9\n    port: 4001\n    framing:\n      noRead: null",
    code: "CONFIG_WRONG_VALUE",
    at: "null",
    elsewhere: true,
    path: "scanners[0].framing.noRead",
    what: "noRead cannot be so",
    right:
      "a text: over TCP a telegram may come late, and only where each reading has one is it not taken for the next parcel's",
  },
  {
    situation: "a scanner frame that could never end",
    replace: 'end: "\\u0003"',
    by: 'end: "\\u0002"',
    code: "CONFIG_WRONG_VALUE",
    at: '"\\u0002"',
    path: "scanners[0].framing.end",
    what: "end cannot be so",
    right: "start and end must not contain one another: no frame could be closed",
  },
];

describe.each(["common-line", "plain-coils", "three-buses"] as const)("the example %s", (name) => {
  test("loads, and its folders are absolute", () => {
    const loaded = loadSite(exampleFolder(name));
    expect(problemsOf(loaded)).toEqual([]);
    expect(loaded.ok && loaded.site.dataFolder).toBe(join(exampleFolder(name), "data"));
  });
});

describe("a wrong site", () => {
  test.each(WRONG)("with $situation: $code at its place, with what is right", (wrong) => {
    const file = wrong.file ?? "line.yaml";
    const { texts, line } = edited(file, wrong.replace, wrong.by, wrong.site);
    const problems = problemsOf(loadSiteText("/site", texts));
    const found = problems.find(({ code, path }) => code === wrong.code && path === wrong.path);
    expect(found, problems.map(problemText).join("\n")).toMatchObject({ file, what: wrong.what, right: wrong.right });
    const text = texts[found!.file as SiteFile].split("\n")[found!.line - 1] ?? "";
    expect(text.slice(found!.column - 1).startsWith(wrong.at), `${text}\n${" ".repeat(found!.column - 1)}^`).toBe(true);
    if (wrong.elsewhere === undefined) expect(found!.line).toBe(line);
  });

  test("tells the problems of all four files at once, in the order of files and lines", () => {
    const texts = exampleTexts("common-line");
    texts["line.yaml"] = texts["line.yaml"]
      .replace("coastMm: 600", "coastMm: far")
      .replace("chutes: [inspection], ", "chutes: [inspektion], ");
    texts["chutes.yaml"] = texts["chutes.yaml"].replace("to: [inspection]", "to: [nowhere]");
    texts["customs.yaml"] = texts["customs.yaml"].replace("rank: 1", "rank: 0");
    texts["gateway.yaml"] = texts["gateway.yaml"].replace("127.0.0.1\n", "10.0.0.5\n");
    const problems = problemsOf(loadSiteText("/site", texts));
    expect(problems.map(({ file, code }) => `${file} ${code}`)).toEqual([
      "line.yaml CONFIG_WRONG_TYPE",
      "line.yaml CONFIG_UNKNOWN_REFERENCE",
      "line.yaml CONFIG_POSITION_MISSING",
      "line.yaml CONFIG_UNKNOWN_REFERENCE",
      "chutes.yaml CONFIG_CHUTE_UNSERVED",
      "chutes.yaml CONFIG_UNKNOWN_REFERENCE",
      "customs.yaml CONFIG_OUT_OF_RANGE",
      "gateway.yaml CONFIG_EXPOSED_WITHOUT_TOKENS",
    ]);
  });

  test("whose alias bomb would fill the memory is refused without unfolding it", () => {
    const texts = exampleTexts("common-line");
    const bomb = ["a: &a [x]", ...[..."bcdefghij"].map((c, i) => `${c}: &${c} [${`*${"abcdefghi"[i]},`.repeat(20)}]`)];
    texts["gateway.yaml"] = bomb.join("\n");
    const problems = problemsOf(loadSiteText("/site", texts));
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["CONFIG_YAML_ALIAS"]));
  });

  test("of empty files names every key that is missing", () => {
    const texts = Object.fromEntries(SITE_FILE_NAMES.map((file) => [file, "# nothing yet\n"])) as Record<
      SiteFile,
      string
    >;
    const problems = problemsOf(loadSiteText("/site", texts));
    expect(problems.map(({ file, line, column, what }) => `${file}:${line}:${column}: ${what}`)).toEqual([
      "line.yaml:1:1: site is missing",
      "line.yaml:1:1: devices is missing",
      "line.yaml:1:1: belts is missing",
      "line.yaml:1:1: scanners is missing",
      "chutes.yaml:1:1: chutes is missing",
      "chutes.yaml:1:1: routes is missing",
      "customs.yaml:1:1: freshness is missing",
      "customs.yaml:1:1: codes is missing",
    ]);
  });

  test("in a folder without files names each file and what it should hold", () => {
    const folder = mkdtempSync(join(tmpdir(), "coline-site-"));
    try {
      writeFileSync(join(folder, "gateway.yaml"), "api: { port: 1 }\n");
      const problems = problemsOf(loadSite(folder));
      expect(problems.map(({ file, code }) => `${file} ${code}`)).toEqual([
        "line.yaml CONFIG_FILE_UNREADABLE",
        "chutes.yaml CONFIG_FILE_UNREADABLE",
        "customs.yaml CONFIG_FILE_UNREADABLE",
      ]);
      expect(problems[0]?.what).toBe(`there is no ${join(folder, "line.yaml")}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
