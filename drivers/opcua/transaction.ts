// One request over a secure channel and what became of it, past the library's own queues and second attempts.
import type { ClientSession, ReadRequest, WriteRequest } from "node-opcua-client";
import { type Channel, tokenOf } from "./library.ts";
import type { UaStatus } from "./outcome.ts";
import { isGood } from "./value.ts";

/** Any service request of the library. */
export type UaRequest = ReadRequest | WriteRequest | { requestHeader: ReadRequest["requestHeader"] };

export type Transaction =
  | { kind: "response"; response: unknown }
  /** The server answered that it did not take the request. */
  | { kind: "fault"; status: UaStatus }
  /** No answer, and none will come: what became of it is open. */
  | { kind: "unanswered"; why: string };

/** A service that the server refuses as a whole comes as an error that brings the answer along. */
type ServiceError = Error & { response?: Response };

type Response = { responseHeader: { serviceResult: { value: number; name: string } } };

/**
 * The session's own methods make a request again when the server does not know the session any more, and after a
 * reconnection: a command would be carried out long after its window. The channel sends once.
 */
export function transact(
  o: { channel: Channel; session: ClientSession; request: UaRequest },
  done: (outcome: Transaction) => void,
): void {
  const { channel, session, request } = o;
  request.requestHeader.authenticationToken = tokenOf(session);
  const take = (error: ServiceError | null, answer?: Response): void => {
    const response = answer ?? error?.response;
    if (response === undefined) return done({ kind: "unanswered", why: error?.message ?? "no response" });
    const { value, name } = response.responseHeader.serviceResult;
    if (isGood(value) && error === null) return done({ kind: "response", response });
    return done({ kind: "fault", status: { status: value, name } });
  };
  channel.performMessageTransaction(
    request as Parameters<Channel["performMessageTransaction"]>[0],
    take as unknown as Parameters<Channel["performMessageTransaction"]>[1],
  );
}
