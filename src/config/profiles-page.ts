// Writes docs/reference/scanner-profiles.md from the profiles: what each fills in, where it is from, what to compare.
import { profilesFilledIn } from "../../drivers/registry.ts";

type Filled = ReturnType<typeof profilesFilledIn>[number];

export function profilesPage(): string {
  const all = profilesFilledIn();
  return `${[
    "# Scanner profiles",
    "",
    "Made from `drivers/scanners/profiles` by `coline schema`; a test fails when it is out of date. `profile` of a scanner in",
    "line.yaml names one; every key that the site gives itself overrides it ([keys](configuration.md)). What a vendor's device",
    "does can be changed on the device: compare before you rely on it, `coline probe scanner` shows what comes.",
    "",
    "| Profile | For | Line | Start | End | Between codes | No-read |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...all.map(row),
    ...all.flatMap(section),
  ].join("\n")}\n`;
}

function row({ name, profile, settings }: Filled): string {
  const { start, end, separator, noRead, noReadPadded, noReadAlso } = settings.framing;
  const noReads = [noRead, ...noReadAlso].map(shown).join(", ");
  const cells = [
    `\`${name}\``,
    profile.title,
    lineText(settings),
    ...[start === "" ? null : start, end, separator].map(shown),
    noReadPadded ? `${noReads}, last character repeated` : noReads,
  ];
  return `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
}

function section({ name, profile, settings }: Filled): string[] {
  const { check, fields, status, replies } = settings.framing;
  const { trigger } = settings;
  const taken = Object.entries(fields).flatMap(([place, list]) =>
    list.map(
      ({ is, chars, mark }) =>
        `${place}: ${is}, ${chars === undefined ? `mark ${shown(mark ?? null)}` : `${chars} wide`}`,
    ),
  );
  const facts = [
    ...(check.kind === "none" ? [] : [`check character: ${check.kind}, ${check.place}, ${coverText(check)}`]),
    ...taken,
    ...(taken.some((text) => text.includes("status"))
      ? [`status: ${status.good.join(", ")} is good, ${status.noRead.join(", ")} is a no-read`]
      : []),
    ...(trigger.on === null
      ? []
      : [`reading is switched by ${shown(trigger.on)} and ${shown(trigger.off)} (trigger.when)`]),
    ...(replies.ok === null ? [] : [`answers begin with ${shown(replies.ok)} or ${shown(replies.error)}`]),
    ...(profile.unverified.length === 0 ? [] : [`to be compared with the device: ${profile.unverified.join(", ")}`]),
    ...profile.sources.map((source) => `source: ${source}`),
  ];
  return facts.length === 0 ? [] : ["", `## ${name}`, "", ...facts.map((fact) => `- ${fact}`)];
}

function coverText(check: { coversStart: boolean; coversEnd: boolean }): string {
  const covered = [check.coversStart ? "start" : "", "content", check.coversEnd ? "end" : ""];
  return `over ${covered.filter((part) => part !== "").join(", ")}`;
}

const lineText = ({ baud, dataBits, parity, stopBits }: Filled["settings"]): string =>
  `${baud} ${dataBits}${parity.slice(0, 1).toUpperCase()}${stopBits}`;

const NAMES: ReadonlyMap<string, string> = new Map([
  ["\u0002", "STX"],
  ["\u0003", "ETX"],
  ["\r", "CR"],
  ["\n", "LF"],
  ["\u0018", "CAN"],
]);

/** Control characters by their names. */
const shown = (text: string | null): string =>
  text === null
    ? "none"
    : /^[\x20-\x7e]+$/.test(text)
      ? `\`${text}\``
      : [...text].map((one) => NAMES.get(one) ?? one).join(" ");
