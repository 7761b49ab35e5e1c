// Decides which room may import from which: imports point inward, towards the line core. `npm run imports` checks it.

const rooms = "^(src|drivers|simulators|tests)/";
const folder = (...paths) => `^(${paths.join("|")})`;

/** What each room may import besides itself. A room that is missing here may import nothing of the others. */
const mayImport = {
  "src/faults/": [],
  "src/line/": ["src/faults/"],
  "src/proof/": ["src/line/", "src/faults/"],
  "src/releases/": ["src/line/", "src/faults/"],
  "src/journal/": ["src/line/", "src/faults/"],
  "src/replay/": ["src/journal/", "src/line/", "src/faults/"],
  "src/customs/": ["src/releases/", "src/journal/", "src/line/", "src/faults/"],
  "src/process/": ["src/line/", "src/faults/"],
  // The gap that the proof demands is compiled into the site: config asks the proof for it (docs/decisions).
  "src/config/": ["drivers/registry\\.ts$", "src/proof/", "src/line/", "src/faults/"],
  "drivers/": ["src/line/", "src/faults/"],
  "src/controller/": [
    ...["src/config/", "src/proof/", "drivers/", "src/customs/", "src/releases/", "src/journal/"],
    ...["src/line/", "src/process/", "src/faults/"],
  ],
  "src/gateway/": [
    ...["src/config/", "src/proof/", "drivers/", "src/customs/", "src/releases/", "src/journal/"],
    ...["src/line/", "src/process/", "src/faults/"],
  ],
  "src/hmi/": [],
  "src/cli/": ["src/", "drivers/", "simulators/"],
  "simulators/world/": [],
  // A scenario is judged against the site that it is to run on, in the words and with the places of its files.
  "simulators/scenarios/": ["simulators/world/", "src/config/", "src/faults/"],
  "simulators/wired/": ["simulators/world/", "simulators/scenarios/", "src/config/", "src/process/", "src/faults/"],
  "simulators/virtual/": [
    ...["simulators/world/", "simulators/scenarios/"],
    ...["src/line/", "src/config/", "src/faults/", "src/controller/", "src/journal/", "drivers/", "simulators/wired/"],
    // Customs' word goes through the product's own rules, and the line is told of it by them; only files and sockets are left out.
    ...["src/releases/(event|judge|ledger|waybill)\\.ts$", "src/gateway/(hints|late-words)\\.ts$"],
  ],
};

const roomRules = Object.entries(mayImport).map(([room, others]) => ({
  name: `${room.replace(/\/$/, "").replaceAll("/", "-")}-points-inward`,
  comment: `${room} may import ${[room, ...others].join(", ").replaceAll("\\.ts$", ".ts")} and no other room`,
  severity: "error",
  from: { path: folder(room) },
  to: { path: rooms, pathNot: folder(room, ...others) },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: "pure-rooms-import-no-package",
      comment: "line, proof and faults are pure: no npm package and no module of Node",
      severity: "error",
      from: { path: folder("src/line/", "src/proof/", "src/faults/") },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "every-file-has-a-room",
      comment: "a folder that no rule knows has no direction: add it to mayImport in .dependency-cruiser.cjs",
      severity: "error",
      from: { path: "^(src|drivers|simulators)/", pathNot: folder(...Object.keys(mayImport)) },
      to: {},
    },
    {
      name: "no-cycle",
      comment: "two files that import each other are one concept: join them, or move what both need inward",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      comment: "the import leads nowhere: check the path and its .ts ending",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "declared-packages-only",
      comment: "the package is not in package.json: it is there by accident of another one",
      severity: "error",
      from: { path: rooms },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "no-dev-package-in-product",
      comment: "a package of devDependencies is missing where Coline is installed for use",
      severity: "error",
      from: { path: "^(src|drivers|simulators)/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "require", "types"],
      mainFields: ["module", "main", "types"],
      extensions: [".ts", ".js", ".mjs", ".cjs", ".json"],
    },
    skipAnalysisNotInRules: true,
  },
};
