// A site that calls its plant simulated though it is on the network, or whose patterns take test parcels for waybills.
import { testWrongSites } from "./wrong-site.ts";

testWrongSites("a site that would let parcels go unproved", [
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
]);
