// docs/faults.md out of the table: a section for each kind, a row for each code.
import { alarms } from "./alarms.ts";
import type { AlarmFault, Fault } from "./fault.ts";
import { faults } from "./table.ts";

const sections: readonly { kind: Fault["kind"]; title: string; about: string }[] = [
  {
    kind: "alarm",
    title: "Alarms",
    about:
      "Conditions of the plant, with a life cycle after ISA-18.2: each coming and going is in the journal, the standing " +
      "ones are on the screen, in `GET /v1/line` and in `coline_alarms_active`. What an alarm is about stands for " +
      "`{source}`.",
  },
  {
    kind: "reason",
    title: "Reasons",
    about:
      "Why a parcel went where it went, why a gate went home, why a permit was given or taken away. They stand in the " +
      "journal's `why`, `reason` and `refusals`; those that begin with `LAW_` are the law's own.",
  },
  {
    kind: "error",
    title: "Errors",
    about:
      "Refusals to start or to act. The message itself says what, where and what would be right; `API_`, `CUSTOMS_` and " +
      "some `RELEASE_` codes are answers to whoever asked.",
  },
];

const alarmsAbout = [
  "How they come and go. A *state* comes when its condition has stood for its on-delay, and returns when it has been gone",
  "for its off-delay. An *event* is a moment: it returns when it was not seen again for its off-delay. Seen again while it",
  "is active, an alarm only counts. It is *unacknowledged* until somebody acknowledges it; what goes before that stays in",
  "the list as *returned*; a *latching* one stays active. A person may put one aside (*shelve* it) for as many minutes as",
  "the table says: it is not called out meanwhile, and comes back by itself. The law's alarms cannot be put aside (0).",
];

/** Markdown of the whole table. */
export function faultPage(): string {
  return [
    "# Codes",
    "",
    "Every code that Coline shows, from `src/faults` by `npm run faults`; do not edit this page. `coline faults CODE` says",
    "the same in a terminal.",
    "",
    ...sections.flatMap(({ kind, title, about }) => [
      `## ${title}`,
      "",
      about,
      "",
      ...tableOf(Object.entries(faults).filter(([, fault]) => fault.kind === kind)),
      "",
      ...(kind === "alarm" ? [...alarmsAbout, "", ...alarmTable(), ""] : []),
    ]),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

interface Column {
  head: string;
  cell(code: string, fault: Fault): string;
}

const columns: readonly Column[] = [
  { head: "code", cell: (code) => `\`${code}\`` },
  { head: "text", cell: (_, { text }) => text.replace(/\{\w+\}/g, (blank) => `\`${blank}\``) },
  { head: "means", cell: (_, { means }) => means },
  { head: "the controller does", cell: (_, { controllerDoes }) => controllerDoes },
  { head: "a person should", cell: (_, { personShould }) => personShould },
];

function tableOf(rows: readonly (readonly [string, Fault])[]): string[] {
  return [
    row(columns.map(({ head }) => head)),
    row(columns.map(() => "---")),
    ...rows.map(([code, fault]) => row(columns.map(({ cell }) => cell(code, fault)))),
  ];
}

/** How each alarm comes, stays and goes, and why it has its priority. */
const alarmTable = (): string[] => [
  row([
    "code",
    "priority",
    "if nobody acts",
    "lasts",
    "comes after, ms",
    "goes after, ms",
    "latching",
    "acknowledged by",
    "shelved for, min",
  ]),
  row(Array.from({ length: 9 }, () => "---")),
  ...Object.entries<AlarmFault>(alarms).map(([code, a]) =>
    row([
      `\`${code}\``,
      a.priority,
      a.consequence,
      a.lasts,
      String(a.onDelayMs),
      String(a.offDelayMs),
      a.isLatching ? "yes" : "no",
      a.acknowledgedBy,
      String(a.maxShelveMinutes),
    ]),
  ),
];

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** One code for a terminal; null when the table does not have it. */
export function faultInWords(code: string): string | null {
  const fault = faults[code];
  if (fault === undefined) return null;
  const alarm = (alarms as Readonly<Record<string, AlarmFault>>)[code];
  const kind = alarm === undefined ? fault.kind : `${fault.kind}, priority ${alarm.priority}`;
  return [
    `${code} (${kind}): ${fault.text.replace("{source}: ", "").replace(/\{\w+\}/g, "…")}`,
    "",
    `  means                ${fault.means}`,
    `  the controller does  ${fault.controllerDoes}`,
    ...(alarm === undefined ? [] : [`  if nobody acts       ${alarm.consequence}`]),
    `  a person should      ${fault.personShould}`,
    ...(alarm === undefined ? [] : [`  acknowledged by      an ${alarm.acknowledgedBy}`]),
    "",
  ].join("\n");
}
