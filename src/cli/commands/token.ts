// `coline token NAME --scope SCOPE`: makes a token for the API and the line of gateway.yaml that lets it in.
import { parseArgs } from "node:util";
import { ID_PATTERN } from "../../config/values.ts";
import { newToken, SCOPES, type Scope } from "../../gateway/tokens.ts";
import { exitCode } from "../../process/exit-code.ts";

export const summary = "make a token for the API, and the line for gateway.yaml";

const USAGE = `usage: coline token NAME --scope ${SCOPES.join("|")} [--scope …]

Prints a new token once; only its hash goes into gateway.yaml. feed hands in releases and holds; read and auditor open
everything that only shows; operator and officer open that too, and give their commands (coline command --help).
`;

export async function run(args: string[]): Promise<number> {
  const asked = read(args);
  if (asked === "help") {
    process.stdout.write(USAGE);
    return exitCode.done;
  }
  if (typeof asked === "string") {
    process.stderr.write(`coline token: ${asked}\n${USAGE}`);
    return exitCode.usedWrongly;
  }
  const { token, sha256 } = newToken();
  process.stdout.write(
    `Token of ${asked.name}, shown only now:\n\n  ${token}\n\n` +
      `Under "tokens:" in gateway.yaml, then restart the gateway:\n\n` +
      `  - { name: ${asked.name}, scopes: [${asked.scopes.join(", ")}], sha256: "${sha256}" }\n`,
  );
  return exitCode.done;
}

/** @returns what is asked for, "help", or what is wrong with it */
function read(args: string[]): { name: string; scopes: Scope[] } | "help" | string {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { scope: { type: "string", multiple: true }, help: { type: "boolean" } },
    });
    if (values.help) return "help";
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) return "give exactly one NAME";
    if (!ID_PATTERN.test(name)) return `"${name}" is no name: small letters, digits and -, a letter first, at most 32`;
    const scopes = [...new Set(values.scope ?? [])];
    const unknown = scopes.find((scope) => !isScope(scope));
    if (unknown !== undefined) return `there is no scope "${unknown}"`;
    if (scopes.length === 0) return "give at least one --scope";
    return { name, scopes: scopes.filter(isScope) };
  } catch (error) {
    return (error as Error).message;
  }
}

const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);
