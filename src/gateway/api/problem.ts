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
  /** Bytes of one line, its end not included. */
  lineBytes: number;
}

export const problems = {
  noToken: () =>
    new Problem(401, {
      code: "API_TOKEN_MISSING",
      message: "this gateway answers only to a known token",
      hint: "send the header `Authorization: Bearer TOKEN`; `coline token NAME --role feed` makes one",
    }),
  badToken: () =>
    new Problem(401, {
      code: "API_TOKEN_UNKNOWN",
      message: "the token is not one of this site",
      hint: "compare with the tokens of gateway.yaml; a new token is valid after a restart of the gateway",
    }),
  wrongScope: ({ scope, role }: { scope: string; role: string }) =>
    new Problem(403, {
      code: "API_ROLE_MISSING",
      message: `the token's role does not include "${scope}"`,
      hint: `use a token of the role ${role}; \`coline token NAME --role ${role}\` makes one`,
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
      hint: "codes are looked up as scanned, trimmed and upper-cased; older stories are in the journal (`coline trace`)",
    }),
  noLine: (o: { why: string; ageMs: number | null }) =>
    new Problem(503, {
      code: "API_LINE_NOT_LIVE",
      message: `${o.why}; ${o.ageMs === null ? "no state was seen yet" : `the last state is ${o.ageMs} ms old`}`,
      hint: "see `systemctl status coline-controller@SITE`; releases are accepted meanwhile",
    }),
  storeFailed: () =>
    new Problem(503, {
      code: "RELEASE_STORE_FAILED",
      message: "the release store could not commit; the gateway ends now and is started again",
      hint: "send the batch again in a few seconds; if it stays so, see the free space of the data folder",
    }),
  storeFull: (o: { freeMb: number; minFreeMb: number }) =>
    new Problem(507, {
      code: "RELEASE_STORE_FULL",
      message: `${o.freeMb} MB are free where the release cache lies, fewer than the ${o.minFreeMb} MB of line.yaml's minFreeMb`,
      hint: "free space on that disk; holds that are not taken in now do not reach the line",
    }),
  internal: () =>
    new Problem(500, {
      code: "API_INTERNAL",
      message: "the gateway failed on this request; its log says why",
      hint: "report it with the log line that carries the same reqId",
    }),
} as const;
