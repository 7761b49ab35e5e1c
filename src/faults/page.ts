// docs/faults.md out of the table: a section for each kind, a row for each code.
import type { Fault } from "./fault.ts";
import { faults } from "./table.ts";

const sections: readonly { kind: Fault["kind"]; title: string; about: string }[] = [
  {
    kind: "alarm",
    title: "Alarms",
    about:
      "Conditions of the plant, with a life cycle after ISA-18.2: each coming and going is in the journal, the standing " +
      "ones are on the screen and in `coline_alarms_active`. What an alarm is about stands for `{source}`.",
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
    ]),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function tableOf(rows: readonly (readonly [string, Fault])[]): string[] {
  const withPriority = rows.some(([, { priority }]) => priority !== undefined);
  const heads = [
    "code",
    ...(withPriority ? ["priority"] : []),
    "text",
    "means",
    "the controller does",
    "a person should",
  ];
  return [
    row(heads),
    row(heads.map(() => "---")),
    ...rows.map(([code, fault]) =>
      row([
        `\`${code}\``,
        ...(withPriority ? [fault.priority ?? ""] : []),
        fault.text.replace(/\{\w+\}/g, (blank) => `\`${blank}\``),
        fault.means,
        fault.controllerDoes,
        fault.personShould,
      ]),
    ),
  ];
}

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** One code for a terminal; null when the table does not have it. */
export function faultInWords(code: string): string | null {
  const fault = faults[code];
  if (fault === undefined) return null;
  const kind = fault.priority === undefined ? fault.kind : `${fault.kind}, priority ${fault.priority}`;
  return [
    `${code} (${kind}): ${fault.text.replace("{source}: ", "").replace(/\{\w+\}/g, "…")}`,
    "",
    `  means                ${fault.means}`,
    `  the controller does  ${fault.controllerDoes}`,
    `  a person should      ${fault.personShould}`,
    "",
  ].join("\n");
}
