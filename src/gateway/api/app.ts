// The HTTP application: which address answers what to whom; everything behind it comes in as plain functions.
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { FeedItem } from "../../customs/feed-splitter.ts";
import type { LiveState } from "../../process/live-message.ts";
import type { CommandReport } from "../commands.ts";
import type { BatchReport } from "../feed.ts";
import { lineView } from "../line-view.ts";
import type { ParcelView } from "../parcel.ts";
import { type Access, accessChecker, type Holder, type Need, type TokenRecord, tokenFinder } from "../tokens.ts";
import { BATCH_LIMITS, batchItems } from "./batch.ts";
import { type BatchLimits, Problem, problems } from "./problem.ts";

export interface ApiBackend {
  /** Takes a batch in, durably; throws a Problem when nothing of it was applied. */
  feed(items: AsyncIterable<FeedItem>): Promise<BatchReport>;
  /** null: nobody knows this code. */
  parcel(code: string): Promise<ParcelView | null>;
  live: {
    newest(): { state: LiveState; ageMs: number } | null;
    trouble(): string | null;
    resetMetrics(): boolean;
  };
  /** Throws a Problem when it was refused, or nobody knows what became of it. */
  command(said: unknown, holder: Holder): Promise<CommandReport>;
  health(): { ok: boolean } & Record<string, unknown>;
  metrics: { contentType: string; text(): Promise<string> };
}

export interface ApiOptions {
  tokens: readonly TokenRecord[];
  /** Beyond loopback; also set when tokens are configured on loopback. */
  tokensRequired: boolean;
  log?: FastifyBaseLogger;
  limits?: BatchLimits;
  /** A state older than this is not live any more. */
  staleAfterMs?: number;
}

const COMMAND_BYTES_MAX = 4096;
const STALE_AFTER_MS = 3000;
/** A client that sends a byte now and then must not hold a batch in memory for ever. */
const REQUEST_WITHIN_MS = 60_000;

export function createApp(backend: ApiBackend, o: ApiOptions): FastifyInstance {
  const app = Fastify({
    ...(o.log === undefined ? {} : { loggerInstance: o.log }),
    logController: new LogController({ disableRequestLogging: true }),
    // Fastify's own defaults would turn "2" into 2 and strip unknown fields: what was sent is judged as it was sent.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
    bodyLimit: 64 << 10,
    requestTimeout: REQUEST_WITHIN_MS,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: "idle",
  });
  const limits = o.limits ?? BATCH_LIMITS;
  const allow = guard(accessChecker({ tokens: o.tokens, required: o.tokensRequired }));
  answerErrors(app);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string", bodyLimit: COMMAND_BYTES_MAX }, parseCommand);
  app.addContentTypeParser("application/x-ndjson", (_request, payload, done) => done(null, payload));

  app.post("/v1/releases", { onRequest: [allow("feed"), takesNdjson(limits)] }, async (request, reply) => {
    reply.header("cache-control", "no-store");
    return backend.feed(batchItems((request.body ?? []) as AsyncIterable<Buffer>, limits));
  });
  app.get<{ Params: { code: string } }>("/v1/parcels/:code", { onRequest: allow("read") }, async (request) => {
    const found = await backend.parcel(request.params.code);
    if (found === null) throw problems.noParcel(request.params.code);
    return found;
  });
  app.get("/v1/line", { onRequest: allow("read") }, async () => {
    const newest = backend.live.newest();
    const trouble = backend.live.trouble();
    const ageMs = newest === null ? null : Math.round(newest.ageMs);
    if (trouble !== null) throw problems.noLine({ why: trouble, ageMs });
    if (newest === null || newest.ageMs > (o.staleAfterMs ?? STALE_AFTER_MS)) {
      throw problems.noLine({ why: "the controller is connected and silent", ageMs });
    }
    return lineView(newest.state, Math.round(newest.ageMs));
  });
  // Whoever commands has a name, on loopback too: what a nameless one did proves nothing afterwards.
  const find = tokenFinder(o.tokens);
  app.post("/v1/commands", { onRequest: [named(find), takesJson] }, async (request, reply) => {
    const holder = find(request.headers.authorization);
    if (typeof holder === "string") throw problems.badToken();
    reply.header("cache-control", "no-store");
    return backend.command(request.body, holder);
  });
  app.post("/v1/metrics/reset", { onRequest: allow("reset") }, async (_request, reply) => {
    if (!backend.live.resetMetrics()) {
      throw problems.noLine({ why: backend.live.trouble() ?? "the controller reads too slowly", ageMs: null });
    }
    return reply.code(202).send({ asked: true });
  });
  // A service check carries no token and learns nothing but up or not.
  app.get("/healthz", async (_request, reply) => {
    const health = backend.health();
    return reply.code(health.ok ? 200 : 503).send(health);
  });
  app.get("/metrics", { onRequest: allow("read") }, async (_request, reply) =>
    reply.type(backend.metrics.contentType).send(await backend.metrics.text()),
  );
  return app;
}

type Hook = (request: FastifyRequest) => Promise<void>;

function guard(access: (header: string | undefined, need: Need) => Access): (need: Need) => Hook {
  return (need) => async (request) => {
    const answer = access(request.headers.authorization, need);
    if (answer === "noToken") throw problems.noToken();
    if (answer === "badToken") throw problems.badToken();
    if (answer === "wrongScope") throw problems.wrongScope(need === "reset" ? "read" : need);
  };
}

function named(find: ReturnType<typeof tokenFinder>): Hook {
  return async (request) => {
    const holder = find(request.headers.authorization);
    if (holder === "noToken") throw problems.noToken();
    if (holder === "badToken") throw problems.badToken();
  };
}

const takesJson: Hook = async (request) => {
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") throw problems.commandType();
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "")) throw problems.commandType();
};

function parseCommand(
  _request: FastifyRequest,
  body: string | Buffer,
  done: (error: Error | null, said?: unknown) => void,
) {
  try {
    done(null, JSON.parse(String(body)));
  } catch {
    done(problems.badRequest("the body is no JSON"));
  }
}

/** Refuses by the headers what would be refused by the body anyway, before the body is sent. */
function takesNdjson(limits: BatchLimits): Hook {
  return async (request) => {
    const encoding = request.headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity") throw problems.mediaType();
    if (!/^application\/x-ndjson\s*(;|$)/i.test(request.headers["content-type"] ?? "")) throw problems.mediaType();
    if (Number(request.headers["content-length"] ?? 0) > limits.bytes) throw problems.tooLarge(limits);
  };
}

function answerErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((request) => {
    throw problems.noRoute(`${request.method} ${request.url.split("?")[0]}`);
  });
  app.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    const problem = toProblem(error);
    if (problem.status >= 500) request.log.error(error);
    // The rest of a refused body is not read: the connection cannot be used again.
    if (request.raw.readableEnded === false && request.method === "POST") reply.header("connection", "close");
    if (problem.status === 429) reply.header("retry-after", "1");
    if (problem.status === 401) reply.header("www-authenticate", "Bearer");
    return reply.code(problem.status).send(problem.body);
  });
}

function toProblem(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error;
  const status = error.statusCode ?? 500;
  if (status === 415) return problems.mediaType();
  if (status >= 400 && status < 500) return problems.badRequest(error.message);
  return problems.internal();
}
