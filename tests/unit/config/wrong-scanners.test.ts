// A site whose scanners cannot be read as it says: profiles, frames, fields, checks and ways over the network.
import { testWrongSites } from "./wrong-site.ts";

testWrongSites("a site with wrong scanners", [
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
]);
