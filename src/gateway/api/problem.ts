// The one shape of every error the API answers: a code that stays, a sentence that says what, a hint that says what to do.

export interface ProblemBody {
  code: string;
  message: string;
  hint: string;
}

/** Thrown by a handler; becomes the response. */
export class Problem extends Error {
  readonly status: number;
  readonly body: ProblemBody;

  constructor(status: number, body: ProblemBody) {
    super(body.message);
    this.name = "Problem";
    this.status = status;
    this.body = body;
  }
}

export interface BatchLimits {
  /** Bytes of one batch, line ends included. */
  bytes: number;
  lines: number;
}

export const problems = {
  noToken: () =>
    new Problem(401, {
      code: "API_TOKEN_MISSING",
      message: "this gateway answers only to a known token",
      hint: "send the header `Authorization: Bearer TOKEN`; `coline token NAME --scope feed` makes one",
    }),
  badToken: () =>
    new Problem(401, {
      code: "API_TOKEN_UNKNOWN",
      message: "the token is not one of this site",
      hint: "compare with the tokens of gateway.yaml; a new token is valid after a restart of the gateway",
    }),
  wrongScope: (scope: string) =>
    new Problem(403, {
      code: "API_SCOPE_MISSING",
      message: `the token does not have the scope "${scope}"`,
      hint: `add "${scope}" to the token's scopes in gateway.yaml and restart the gateway, or use another token`,
    }),
  mediaType: () =>
    new Problem(415, {
      code: "API_MEDIA_TYPE",
      message: "releases are taken as NDJSON, uncompressed",
      hint: "send `Content-Type: application/x-ndjson`, one JSON object a line, without Content-Encoding",
    }),
  tooLarge: (limits: BatchLimits) =>
    new Problem(413, {
      code: "API_BATCH_TOO_LARGE",
      message: `a batch holds at most ${limits.lines} lines and ${limits.bytes} bytes; nothing of it was applied`,
      hint: "send it in smaller batches; sending lines again is harmless",
    }),
  cutShort: () =>
    new Problem(400, {
      code: "API_BODY_INCOMPLETE",
      message: "the request ended before its body was complete; nothing of it was applied",
      hint: "send the batch again",
    }),
  badRequest: (message: string) =>
    new Problem(400, {
      code: "API_REQUEST_INVALID",
      message,
      hint: "docs/reference/api.md shows what this address takes",
    }),
  noRoute: (what: string) =>
    new Problem(404, {
      code: "API_NOT_FOUND",
      message: `there is no ${what}`,
      hint: "docs/reference/api.md lists the addresses",
    }),
  noParcel: (code: string) =>
    new Problem(404, {
      code: "API_PARCEL_UNKNOWN",
      message: `neither the release cache nor the line's history knows "${code}"`,
      hint: "codes are looked up as scanned, trimmed and upper-cased; older stories are in the journal (`coline journal`)",
    }),
  noLine: (o: { why: string; ageMs: number | null }) =>
    new Problem(503, {
      code: "API_LINE_NOT_LIVE",
      message: `${o.why}; ${o.ageMs === null ? "no state was seen yet" : `the last state is ${o.ageMs} ms old`}`,
      hint: "see `systemctl status coline-controller@SITE`; releases are accepted meanwhile",
    }),
  commandType: () =>
    new Problem(415, {
      code: "API_MEDIA_TYPE",
      message: "commands are taken as JSON, uncompressed",
      hint: "send `Content-Type: application/json` without Content-Encoding, one command a request",
    }),
  commandRefused: (body: ProblemBody) => new Problem(body.code === "COMMAND_ROLE" ? 403 : 409, body),
  unanswered: (command: string) =>
    new Problem(504, {
      code: "API_COMMAND_UNANSWERED",
      message: `no controller answered ${command}: nobody knows whether it was carried out`,
      hint: "look at the line; send it again with the same id, which is acted on once",
    }),
  tooManyCommands: () =>
    new Problem(429, {
      code: "API_BUSY",
      message: "as many commands wait for an answer as the gateway holds; this one was not given",
      hint: "send it again in a second",
    }),
  busy: () =>
    new Problem(429, {
      code: "API_BUSY",
      message: "as many batches are under way as the gateway holds in memory; nothing of this one was applied",
      hint: "send batches one after the other, and this one again in a second",
    }),
  storeFull: (detail: string) =>
    new Problem(507, {
      code: "RELEASE_STORE_NO_SPACE",
      message: `nothing of the batch was applied: ${detail}`,
      hint: "free space on that disk; holds that are not taken in do not reach the line, releases go stale",
    }),
  internal: () =>
    new Problem(500, {
      code: "API_INTERNAL",
      message: "the gateway failed on this request; its log says why",
      hint: "report it with the log line that carries the same reqId",
    }),
} as const;
