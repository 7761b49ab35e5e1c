// `coline command SITE NAME`: one command of an operator or officer, given to the line through the gateway's API.
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { COMMANDS, readCommand, targetOf } from "../../line/command.ts";
import { exitCode } from "../../process/exit-code.ts";
import { gatewayUrl, LineClient, NO_TOKEN, siteIn, tokenFrom } from "../line-client.ts";
import { textTable } from "../text-table.ts";

export const summary = "give the line a command, as an operator or an officer";

const list = textTable(
  [{ title: "command" }, { title: "who may" }, { title: "what it does" }],
  Object.entries(COMMANDS).map(([name, { roles, does }]) => [name, roles.join(", "), does]),
)
  .map((line) => `  ${line}\n`)
  .join("");

const USAGE = `usage: coline command SITE NAME [--belt ID] [--chute ID] [--gate ID] [--item NUMBER]
                       [--alarm CODE:SOURCE [--minutes M]] [--stream S --direction D]
                       [--company C --code WAYBILL [--reference R] [--officer NAME]]
                       [--token-file FILE] [--url URL] [--id ID] [--within SECONDS]

${list}
The token comes from the environment variable COLINE_TOKEN or from FILE. URL is the gateway's, by default the one of
the site's gateway.yaml. ID names this one command: sent again with the same ID it is acted on once. It is refused when
it comes later than SECONDS (5). Names are those of \`GET /v1/line\`.

Exit codes: 0 accepted, 1 refused, 2 used wrongly, 69 nobody answered and nobody knows whether it was carried out,
78 the site does not pass the check.
`;

const WITHIN_S = 5;

interface Asked {
  site: string;
  body: Record<string, unknown>;
  id: string;
  withinS: number;
  token: string;
  url: string | undefined;
  about: string;
}

export async function run(args: string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(USAGE);
    return exitCode.done;
  }
  const asked = read(args);
  if (typeof asked === "string") {
    process.stderr.write(`coline command: ${asked}\n\`coline command --help\` lists the commands.\n`);
    return exitCode.usedWrongly;
  }
  if (asked.url !== undefined) return give(asked, asked.url);
  const site = siteIn(asked.site);
  return site === null ? exitCode.badSite : give(asked, gatewayUrl(site));
}

async function give(asked: Asked, url: string): Promise<number> {
  const given = await new LineClient(url, asked.token).give(asked.body, asked);
  switch (given.kind) {
    case "accepted": {
      const entry = given.entry === null ? "not journalled: no controller answered" : `entry ${given.entry}`;
      const late = given.isDurable || given.entry === null ? "" : ", not on the disk yet";
      const again = given.isRepeated ? "already done before, " : "";
      process.stdout.write(`accepted: ${asked.about} (${again}${entry}${late})\n`);
      return exitCode.done;
    }
    case "refused":
      process.stderr.write(`refused: ${asked.about}\n  ${given.code}: ${given.message}\n  ${given.hint}\n`);
      return exitCode.failed;
    case "unanswered":
      return unanswered(asked, given.why);
  }
}

function unanswered(asked: Asked, why: string): number {
  process.stderr.write(
    `no answer: ${asked.about}\n  ${why}\n  Look at the line. To send the same command again, which is acted on once: --id ${asked.id}\n`,
  );
  return exitCode.unanswered;
}

/** @returns what is asked for, or what is wrong with it */
function read(args: string[]): Asked | string {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return (error as Error).message;
  }
  const { values, positionals } = parsed;
  const [site, command, ...more] = positionals;
  if (site === undefined || command === undefined || more.length > 0) return "give a SITE and the NAME of a command";
  const body = bodyOf(command, values);
  const what = readCommand(body);
  if (typeof what === "string") return inOptions(what);
  const withinS = Number(values.within ?? WITHIN_S);
  if (!(withinS > 0 && withinS <= 60)) return "--within takes seconds, above 0 and at most 60";
  const token = tokenFrom(values["token-file"]);
  if (token === null) return NO_TOKEN;
  const about = `${what.command} ${targetOf(what)}`;
  return { site, body, id: values.id ?? randomUUID(), withinS, token, url: values.url, about };
}

const OPTION_OF: Readonly<Record<string, string>> = {
  beltId: "belt",
  chuteId: "chute",
  gateId: "gate",
  itemId: "item",
  key: "alarm",
  minutes: "minutes",
  stream: "stream",
  direction: "direction",
  company: "company",
  waybill: "code",
  reference: "reference",
  officer: "officer",
};

const text = { type: "string" } as const;

const parse = (args: string[]) =>
  parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ belt: text, chute: text, gate: text, item: text, alarm: text, minutes: text, stream: text, direction: text },
      ...{ company: text, code: text, reference: text, officer: text },
      ...{ "token-file": text, url: text, id: text, within: text },
    },
  });

function bodyOf(command: string, values: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  const body: Record<string, unknown> = { command };
  for (const [key, option] of Object.entries(OPTION_OF)) {
    const value = values[option];
    if (value === undefined) continue;
    // As it is scanned: trimmed and upper-cased.
    if (key === "waybill") body[key] = value.trim().toUpperCase();
    else body[key] = key === "itemId" || key === "minutes" ? Number(value) : value;
  }
  return body;
}

/** The reader of commands names keys; people at a terminal know options. */
const inOptions = (problem: string): string =>
  problem.replace(/"(\w+)"/g, (quoted, key: string) => (OPTION_OF[key] === undefined ? quoted : `--${OPTION_OF[key]}`));
