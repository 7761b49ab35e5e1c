// `coline token NAME --role ROLE`: makes a token for the API and the line of gateway.yaml that lets it in.
import { parseArgs } from "node:util";
import { ID_PATTERN } from "../../config/values.ts";
import { newToken, ROLES } from "../../gateway/tokens.ts";
import { exitCode } from "../../process/exit-code.ts";

export const summary = "make a token for the API, and the line for gateway.yaml";

const USAGE = `usage: coline token NAME --role ${Object.keys(ROLES).join("|")}

Prints a new token once; only its hash goes into gateway.yaml. feed hands in releases and holds, viewer reads,
operator also acts on the line's bookkeeping, officer also acknowledges breaches.
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
      `  - { name: ${asked.name}, role: ${asked.role}, sha256: "${sha256}" }\n`,
  );
  return exitCode.done;
}

/** @returns what is asked for, "help", or what is wrong with it */
function read(args: string[]): { name: string; role: string } | "help" | string {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { role: { type: "string" }, help: { type: "boolean" } },
    });
    if (values.help) return "help";
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) return "give exactly one NAME";
    if (!ID_PATTERN.test(name)) return `"${name}" is no name: small letters, digits and -, a letter first, at most 32`;
    if (values.role === undefined || !Object.hasOwn(ROLES, values.role)) return "give --role with one of the roles";
    return { name, role: values.role };
  } catch (error) {
    return (error as Error).message;
  }
}
