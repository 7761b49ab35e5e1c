// `coline jog SITE GATE CHUTE`: moves one gate out and home again, while its belt stands empty in manual mode.
import { parseArgs } from "node:util";
import { exitCode } from "../../process/exit-code.ts";
import { endWords, inMs, moveGate } from "../jog/move.ts";
import { gatewayUrl, LineClient, NO_TOKEN, siteIn, tokenFrom } from "../line-client.ts";
import { runAsked } from "../run-asked.ts";

export const summary = "move one gate by hand, while its belt stands empty in manual mode";

const usage = `usage: coline jog SITE GATE CHUTE [--token-file FILE] [--url URL]

Through the running controller: the gate goes out to CHUTE, stays for a moment and comes home. Only while the PLC is in
manual, the belt's run permit is off (\`coline command SITE stopLine\`), the belt stands, and nothing has been on it since it
was seen to run empty. Look that nothing and nobody is in the gate's way. Everything on the belt counts as unknown afterwards.

The token is an operator's or an officer's, from COLINE_TOKEN or FILE.

Exit codes: 0 out and home again, 1 refused or not as it should be, 2 used wrongly, 69 nobody knows, 78 the site does not
pass the check.
`;

export const run = (args: string[]): Promise<number> => runAsked(args, { name: "jog", usage, read, run: jog });

async function jog(asked: Asked): Promise<number> {
  const site = siteIn(asked.site);
  if (site === null) return exitCode.badSite;
  const { gateId, chuteId } = asked;
  const moved = await moveGate(new LineClient(asked.url ?? gatewayUrl(site), asked.token), { gateId, chuteId });
  const what = `gate ${gateId} to ${chuteId}`;
  switch (moved.kind) {
    case "refused":
      process.stderr.write(`refused: ${what}\n  ${moved.code}: ${moved.message}\n  ${moved.hint}\n`);
      return exitCode.failed;
    case "unanswered":
      process.stderr.write(`no answer: ${what}\n  ${moved.why}\n  Look at the gate and at the line's alarms.\n`);
      return exitCode.unanswered;
    case "seen": {
      const { end, answeredNs, outNs, homeNs } = moved.result;
      const times = `answered after ${inMs(answeredNs)}, out after ${inMs(outNs)}, home after ${inMs(homeNs)}`;
      process.stdout.write(`${what}: ${endWords(moved.result)}\n  ${times}\n`);
      return end === "done" ? exitCode.done : exitCode.failed;
    }
  }
}

interface Asked {
  site: string;
  gateId: string;
  chuteId: string;
  token: string;
  url: string | undefined;
}

function read(args: string[]): Asked {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { "token-file": text, url: text },
  });
  const [site, gateId, chuteId, ...more] = positionals;
  if (site === undefined || gateId === undefined || chuteId === undefined || more.length > 0)
    throw new Error("give a SITE, a GATE and a CHUTE");
  const token = tokenFrom(values["token-file"]);
  if (token === null) throw new Error(NO_TOKEN);
  return { site, gateId, chuteId, token, url: values.url };
}
