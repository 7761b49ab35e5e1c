// Speaks to the gateway of a running site for a person at a terminal: gives a command, reads the live state.
import { readFileSync } from "node:fs";
import { loadSite, type Site } from "../config/load.ts";
import { problemText } from "../config/problem.ts";
import type { LineView } from "../gateway/line-view.ts";

/** Longer than the gateway waits for the controller. */
const ANSWER_GRACE_MS = 5000;

export type Given =
  | { kind: "accepted"; entry: number | null; isDurable: boolean; isRepeated: boolean }
  | { kind: "refused"; code: string; message: string; hint: string }
  /** Nobody knows whether it was carried out. */
  | { kind: "unanswered"; why: string };

export class LineClient {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** @param command as `readCommand` reads it */
  async give(command: Readonly<Record<string, unknown>>, o: { id: string; withinS: number }): Promise<Given> {
    const deadline = new Date(Date.now() + o.withinS * 1000).toISOString();
    let response: Response;
    try {
      response = await fetch(new URL("/v1/commands", this.#url), {
        method: "POST",
        headers: { "content-type": "application/json", ...this.#authorization },
        body: JSON.stringify({ ...command, id: o.id, deadline }),
        signal: AbortSignal.timeout(o.withinS * 1000 + ANSWER_GRACE_MS),
      });
    } catch (error) {
      return { kind: "unanswered", why: `the gateway at ${this.#url} did not answer (${whyOf(error)})` };
    }
    const said = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    if (response.ok)
      return {
        kind: "accepted",
        entry: typeof said["entry"] === "number" ? said["entry"] : null,
        isDurable: said["durable"] !== false,
        isRepeated: said["isRepeated"] === true,
      };
    if (response.status >= 500) return { kind: "unanswered", why: `${said["code"]}: ${said["message"]}` };
    return { kind: "refused", code: `${said["code"]}`, message: `${said["message"]}`, hint: `${said["hint"]}` };
  }

  /** @returns the live state, or why there is none in words */
  async line(): Promise<LineView | string> {
    try {
      const response = await fetch(new URL("/v1/line", this.#url), {
        headers: this.#authorization,
        signal: AbortSignal.timeout(ANSWER_GRACE_MS),
      });
      const said = (await response.json()) as LineView & { code?: string; message?: string };
      return response.ok ? said : `${said.code}: ${said.message}`;
    } catch (error) {
      return `the gateway at ${this.#url} did not answer (${whyOf(error)})`;
    }
  }

  get #authorization(): { authorization: string } {
    return { authorization: `Bearer ${this.#token}` };
  }
}

function whyOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}

/** @returns null when the site cannot be read; why is said */
export function siteIn(folder: string): Site | null {
  const loaded = loadSite(folder);
  if (loaded.ok) return loaded.site;
  for (const problem of loaded.problems) process.stderr.write(`${problemText(problem)}\n`);
  return null;
}

/** Where a person on this machine reaches the site's gateway. */
export function gatewayUrl({ gateway }: Site): string {
  const { host, port } = gateway.api;
  const reached = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
}

/** The token from the file, else from COLINE_TOKEN; null: there is none. */
export function tokenFrom(file: string | undefined): string | null {
  const token = (file === undefined ? process.env["COLINE_TOKEN"] : readFileSync(file, "utf8"))?.trim();
  return token === undefined || token === "" ? null : token;
}

export const NO_TOKEN = "no token: set COLINE_TOKEN, or give --token-file (`coline token NAME --scope operator`)";
