// The entry for line.yaml that a guess amounts to: the profile that needs the fewest corrections, and these.
import {
  type FramingOverrides,
  overridden,
  PLAIN_FRAMING,
  type ScannerFraming,
} from "../../../drivers/scanners/framing.ts";
import { PROFILE_NAMES, type ProfileName, scannerProfiles } from "../../../drivers/scanners/profiles/all.ts";
import type { ScannerProfile } from "../../../drivers/scanners/profiles/profile.ts";
import { type SerialLine, USUAL_LINE } from "../../../drivers/scanners/serial-line.ts";
import type { FramingGuess } from "./framing-guess.ts";

export interface ProbedScanner {
  id: string;
  path: string;
  line: SerialLine;
  guess: FramingGuess;
}

export interface ProbedEntry {
  profile: ProfileName;
  /** To be pasted under `scanners:` in line.yaml. */
  yaml: string;
  /** What has still to be shown to the scanner, or looked up. */
  open: readonly string[];
}

export function profileYaml({ id, path, line, guess }: ProbedScanner): ProbedEntry {
  const seen = seenFraming(guess);
  const [best] = PROFILE_NAMES.map((name) => candidate(name, { seen, line })).sort((a, b) => costOf(a) - costOf(b));
  const { profile, own, framing } = best ?? candidate("generic", { seen, line });
  const text = (value: unknown): string => JSON.stringify(value).replaceAll(/[\u007f-\u009f]/g, escaped);
  return {
    profile,
    yaml: [
      `  - id: ${id}`,
      "    driver: serial",
      `    path: ${text(path)}`,
      `    profile: ${profile}`,
      ...own.map(([key, value]) => `    ${key}: ${value}`),
      ...(framing.length === 0 ? [] : ["    framing:"]),
      ...framing.map(([key, value]) => `      ${key}: ${text(value)}`),
      "",
    ].join("\n"),
    open: openQuestions(guess),
  };
}

interface Candidate {
  profile: ProfileName;
  own: [string, unknown][];
  framing: [string, unknown][];
}

function candidate(profile: ProfileName, { seen, line }: { seen: FramingOverrides; line: SerialLine }): Candidate {
  const usual: SerialLine = { ...USUAL_LINE, ...(scannerProfiles[profile] as ScannerProfile).line };
  return {
    profile,
    own: Object.entries(line).filter(([key, value]) => usual[key as keyof SerialLine] !== value),
    framing: Object.entries(corrections(profile, seen)),
  };
}

/** Of two that are as near, the first of the list is the plainer one. */
const costOf = ({ own, framing }: Candidate): number => own.length + framing.length;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** What the telegrams prove; the profile keeps the rest. */
function seenFraming(guess: FramingGuess): FramingOverrides {
  const { start, end, check, separator, noRead, noReadPadded, heartbeat, aimPrefix } = guess;
  return {
    ...{ start, end, aimPrefix },
    check: check ?? { ...PLAIN_FRAMING.check, kind: "none" },
    ...(separator === null ? {} : { separator }),
    ...(noRead === null ? {} : { noRead }),
    ...(noReadPadded ? { noReadPadded } : {}),
    ...(heartbeat === null ? {} : { heartbeat }),
  };
}

/** The keys in which the profile does not say what was seen, or says of a telegram what it does not hold. */
function corrections(name: ProfileName, seen: FramingOverrides): FramingOverrides {
  const base = overridden(PLAIN_FRAMING, (scannerProfiles[name] as ScannerProfile).framing);
  const { check, ...plain } = seen;
  const wrong = Object.entries(plain).filter(([key, value]) => base[key as keyof ScannerFraming] !== value);
  const isChecked = check?.kind !== "none" || base.check.kind !== "none";
  const isCheckWrong =
    isChecked && Object.entries(check ?? {}).some(([key, value]) => base.check[key as "kind"] !== value);
  const hasFields = Object.values(base.fields).some((list) => list.length > 0);
  return {
    ...Object.fromEntries(wrong),
    ...(isCheckWrong ? { check } : {}),
    // Nobody has seen these: a profile that takes fields off is chosen by a person.
    ...(hasFields ? { fields: { head: [], beforeCode: [], afterCode: [], tail: [] } } : {}),
  };
}

function openQuestions({ end, separator, noRead, codes, start }: FramingGuess): string[] {
  if (end === "")
    return ["the telegrams have no end in common: scan again, one label after the other, with a pause between"];
  return [
    ...(codes.length === 0 ? ["no code was seen: scan a label"] : []),
    ...(noRead === null
      ? ["no no-read was seen: let the scanner read nothing, or set noRead as it is set on the scanner"]
      : []),
    ...(separator === null ? ["no telegram had two codes: set separator as it is set on the scanner"] : []),
    ...(start === "" ? ["the telegrams have no start: give them one (STX) on the scanner if you can"] : []),
  ];
}
