// `coline token NAME --scope SCOPE`: makes a token for the API and the line of gateway.yaml that lets it in.
import { parseArgs } from "node:util";
import { ID_PATTERN } from "../../config/values.ts";
import { newToken, SCOPES, type Scope } from "../../gateway/tokens.ts";
import { exitCode } from "../../process/exit-code.ts";
import { runAsked } from "../run-asked.ts";

export const summary = "make a token for the API, and the line for gateway.yaml";

const usage = `usage: coline token NAME --scope ${SCOPES.join("|")} [--scope …]

Prints a new token once; only its hash goes into gateway.yaml. feed hands in releases and holds; read and auditor open
everything that only shows; operator and officer open that too, and give their commands (coline command --help).
`;

interface Asked {
  name: string;
  scopes: Scope[];
}

export const run = (args: string[]): Promise<number> => runAsked(args, { name: "token", usage, read, run: printToken });

function printToken({ name, scopes }: Asked): number {
  const { token, sha256 } = newToken();
  process.stdout.write(
    `Token of ${name}, shown only now:\n\n  ${token}\n\n` +
      `Under "tokens:" in gateway.yaml, then restart the gateway:\n\n` +
      `  - { name: ${name}, scopes: [${scopes.join(", ")}], sha256: "${sha256}" }\n`,
  );
  return exitCode.done;
}

function read(args: string[]): Asked {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { scope: { type: "string", multiple: true } },
  });
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new Error("give exactly one NAME");
  if (!ID_PATTERN.test(name))
    throw new Error(`"${name}" is no name: small letters, digits and -, a letter first, at most 32`);
  const scopes = [...new Set(values.scope ?? [])];
  const unknown = scopes.find((scope) => !isScope(scope));
  if (unknown !== undefined) throw new Error(`there is no scope "${unknown}"`);
  if (scopes.length === 0) throw new Error("give at least one --scope");
  return { name, scopes: scopes.filter(isScope) };
}

const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);
