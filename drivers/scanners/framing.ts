// How one telegram is told from the next and what stands in it: the keys of `framing`, and what they mean together.
import { z } from "zod";

/**
 * Delimiters are text of one byte a character (U+0000..U+00FF), as scanners send them: STX is "\u0002", CR LF "\r\n".
 */
export const bytesText = (o: { min: number; max: number }) =>
  z
    .string()
    .min(o.min)
    .max(o.max)
    .regex(/^[^\u0100-\uffff]*$/, "only characters U+0000 to U+00FF, each is one byte on the wire");

/** Longest header and terminator of the scanners known: 128 bytes (Datalogic DX8210 manual, p. 135). */
const MARK_BYTES = 128;

const checkShape = {
  kind: z
    .enum(["none", "xor", "lrc"])
    .describe(
      "Check character of each frame: none, xor of all bytes, or lrc (their sum's two's complement, ISO 1155).",
    ),
  coversStart: z.boolean().describe("The check is taken over the start too."),
  coversEnd: z.boolean().describe("The check is taken over the end too."),
  place: z
    .enum(["beforeEnd", "afterEnd"])
    .describe("Where the check character stands; afterEnd: the reaction time runs from it, and a start is needed."),
};

/** One field: so many characters wide, or up to a mark; exactly one of the two. */
const fieldOf = <const Kinds extends readonly [string, ...string[]]>(kinds: Kinds, what: string) =>
  z
    .strictObject({
      is: z.enum(kinds).describe(what),
      chars: z.int().min(1).max(64).optional().describe("Width of the field, in characters."),
      mark: bytesText({ min: 1, max: 10 })
        .optional()
        .describe("Text between the field and what it stands beside; instead of chars."),
    })
    .refine(({ chars, mark }) => (chars === undefined) !== (mark === undefined), {
      message: "either chars or mark: where the field ends must be known in one way",
    });

const telegramField = fieldOf(
  ["triggerId", "encoder", "ignored"],
  "triggerId: the reading's number; encoder: the scanner's own count; both are journalled. ignored: anything else.",
);
const codeField = fieldOf(
  ["status", "position", "ignored"],
  "status: see status; position: where the code was seen, journalled; ignored: anything else.",
);

const fieldsShape = {
  head: z.array(telegramField).max(8).describe("Fields before the first code, in their order."),
  beforeCode: z.array(codeField).max(8).describe("Fields before each code, in their order."),
  afterCode: z.array(codeField).max(8).describe("Fields behind each code, in their order."),
  tail: z.array(telegramField).max(8).describe("Fields behind the last code, in their order."),
};

const statusText = z.string().min(1).max(16);
const statusShape = {
  good: z.array(statusText).min(1).max(16).describe("What a status field says of a code that was read well."),
  noRead: z
    .array(statusText)
    .max(16)
    .describe("What it says where no code was read. Any other status makes the whole telegram a no-read."),
};

const repliesShape = {
  ok: bytesText({ min: 1, max: 16 })
    .nullable()
    .describe("How a frame begins that accepts a command; null: the scanner sends none."),
  error: bytesText({ min: 1, max: 16 })
    .nullable()
    .describe("How a frame begins that refuses a command; it shows as the scanner's last error. null: it sends none."),
};

const framingShape = {
  start: bytesText({ min: 0, max: MARK_BYTES }).describe(
    'Bytes that open a frame, usually STX ("\\u0002"); empty: a frame begins after the end of the one before.',
  ),
  end: bytesText({ min: 1, max: MARK_BYTES }).describe(
    'Bytes that close a frame, usually ETX ("\\u0003") or CR LF ("\\r\\n"). The reaction time runs from the last of them.',
  ),
  separator: bytesText({ min: 1, max: 10 })
    .nullable()
    .describe("Stands between two codes of one frame; null: a frame holds one code."),
  noRead: bytesText({ min: 1, max: 64 })
    .nullable()
    .describe(
      "The whole content of a frame that says nothing was read; null: the scanner then sends nothing, and a telegram held " +
        "back on its way may name the next parcel.",
    ),
  noReadPadded: z
    .boolean()
    .describe("The scanner fills its no-read text up to a set length by repeating the last character."),
  noReadAlso: z
    .array(bytesText({ min: 1, max: 64 }))
    .max(8)
    .describe("Further texts that say that nothing was read, or nothing to rely on."),
  heartbeat: bytesText({ min: 1, max: 64 })
    .nullable()
    .describe("The whole content of the frame that an idle scanner sends at intervals; null: it sends none."),
  maxBytes: z
    .int()
    .min(8)
    .max(4096)
    .describe("Longest frame in bytes, start and end included; a longer one is discarded whole and counted."),
  interByteTimeoutMs: z
    .int()
    .min(1)
    .max(1000)
    .describe(
      "Longest pause in ms between two bytes of one frame; after it the frame is partial, discarded and counted. " +
        "USB adapters hand over bytes in bursts (FTDI: every 16 ms unless tuned).",
    ),
  aimPrefix: z
    .boolean()
    .describe('Each code begins with its AIM symbology identifier, such as "]C1" (ISO/IEC 15424); it is split off.'),
};

const resolved = {
  ...framingShape,
  check: z.strictObject(checkShape),
  fields: z.strictObject(fieldsShape),
  status: z.strictObject(statusShape),
  replies: z.strictObject(repliesShape),
};

/** What a site may say of it: every key overrides the profile's. */
export const framingOverrides = z.strictObject({
  ...z.strictObject(framingShape).partial().shape,
  check: z.strictObject(checkShape).partial().optional().describe("A check character in each frame."),
  fields: z
    .strictObject(fieldsShape)
    .partial()
    .optional()
    .describe("Fields beside the codes; those that are named are taken off before a code is one."),
  status: z.strictObject(statusShape).partial().optional().describe("What the words of a status field mean."),
  replies: z
    .strictObject(repliesShape)
    .partial()
    .optional()
    .describe("Frames that answer a command and are no telegram."),
});

/** With every key there, and all of them possible together. */
export const framingSchema = z.strictObject(resolved).superRefine((framing, context) => {
  for (const { path, message } of framingProblems(framing)) context.addIssue({ code: "custom", path, message });
});

export type ScannerFraming = z.output<typeof framingSchema>;
export type FramingOverrides = z.output<typeof framingOverrides>;
export type TelegramField = ScannerFraming["fields"]["head"][number];
export type CodeField = ScannerFraming["fields"]["beforeCode"][number];
export type FrameCheck = ScannerFraming["check"];

/** STX … ETX, several codes with ";" between them: what a scanner is set to where one is free to choose. */
export const PLAIN_FRAMING: ScannerFraming = {
  start: "\u0002",
  end: "\u0003",
  separator: ";",
  noRead: "NOREAD",
  noReadPadded: false,
  noReadAlso: [],
  heartbeat: null,
  maxBytes: 256,
  interByteTimeoutMs: 20,
  aimPrefix: false,
  check: { kind: "none", coversStart: false, coversEnd: true, place: "beforeEnd" },
  fields: { head: [], beforeCode: [], afterCode: [], tail: [] },
  status: { good: ["0"], noRead: ["2"] },
  replies: { ok: null, error: null },
};

/** Keys of `over` win, one by one, inside `check`, `fields`, `status` and `replies` too. A key that is undefined is none. */
export function overridden(base: ScannerFraming, over: FramingOverrides): ScannerFraming {
  const { check, fields, status, replies, ...rest } = over;
  return {
    ...base,
    ...said(rest),
    check: { ...base.check, ...said(check) },
    fields: { ...base.fields, ...said(fields) },
    status: { ...base.status, ...said(status) },
    replies: { ...base.replies, ...said(replies) },
  };
}

/** The keys that have a value. */
export const said = <T extends object>(over: T | undefined): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(over ?? {}).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

interface FramingProblem {
  path: (string | number)[];
  message: string;
}

/** Settings each good alone that could never tell frames or codes apart together. */
function framingProblems(framing: ScannerFraming): FramingProblem[] {
  // An empty end is refused by its own rule; it would be "contained" in everything.
  if (framing.end === "") return [];
  return [...markProblems(framing), ...textProblems(framing), ...checkProblems(framing), ...fieldProblems(framing)];
}

function markProblems({ start, end }: ScannerFraming): FramingProblem[] {
  if (start === "" || !(start.includes(end) || end.includes(start))) return [];
  return [{ path: ["end"], message: "start and end must not contain one another: no frame could be closed" }];
}

function textProblems(framing: ScannerFraming): FramingProblem[] {
  const { start, end, separator, noRead, noReadAlso, heartbeat } = framing;
  const problems: FramingProblem[] = [];
  const contents = { separator, noRead, heartbeat };
  for (const [key, text] of Object.entries(contents)) {
    if (text === null) continue;
    const path = [key];
    if (text.includes(end)) problems.push({ path, message: "must not contain the end of the frame" });
    if (start !== "" && text.includes(start)) problems.push({ path, message: "must not contain the start of a frame" });
  }
  if (heartbeat !== null && [noRead, ...noReadAlso].includes(heartbeat)) {
    const message = "must differ from noRead: a heartbeat is no parcel, a no-read is one";
    problems.push({ path: ["heartbeat"], message });
  }
  if (framing.noReadPadded && noRead === null)
    problems.push({ path: ["noReadPadded"], message: "needs a noRead: the text that is filled up" });
  const longestContent = Math.max(1, noRead?.length ?? 0, heartbeat?.length ?? 0);
  const shortest = start.length + longestContent + end.length + (framing.check.kind === "none" ? 0 : 1);
  if (framing.maxBytes < shortest) {
    const message = `at least ${shortest}: start, end and the longest fixed content`;
    problems.push({ path: ["maxBytes"], message });
  }
  return problems;
}

function checkProblems({ start, check }: ScannerFraming): FramingProblem[] {
  if (check.kind === "none" || check.place === "beforeEnd" || start !== "") return [];
  const message = "a check character behind the end needs a start: it would be the first byte of the next frame";
  return [{ path: ["check", "place"], message }];
}

function fieldProblems({ fields }: ScannerFraming): FramingProblem[] {
  const twice = (keys: readonly ("head" | "tail" | "beforeCode" | "afterCode")[]): FramingProblem[] => {
    const seen = new Set<string>();
    return keys.flatMap((key) =>
      fields[key].flatMap(({ is }, index) => {
        if (is === "ignored" || !seen.has(is)) {
          seen.add(is);
          return [];
        }
        return [{ path: ["fields", key, index, "is"], message: `there already is a field that is ${is}` }];
      }),
    );
  };
  return [...twice(["head", "tail"]), ...twice(["beforeCode", "afterCode"])];
}
