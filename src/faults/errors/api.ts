// Errors that the gateway answers with; docs/reference/api.md has the status of each.
import type { Fault } from "../fault.ts";
import { refusals } from "./refusal.ts";

const answered = refusals("The gateway answers with this code and a hint; the line is not touched.");

export const apiErrors = {
  API_REQUEST_INVALID: answered("not what this address takes", {
    means: "A parameter or the body has another form.",
    personShould: "Compare with reference/api.md.",
  }),
  API_BODY_INCOMPLETE: answered("the body ended early", {
    means: "The connection broke or lied about its length; nothing was applied.",
    personShould: "Send the batch again.",
  }),
  API_TOKEN_MISSING: answered("no token", {
    means: "This gateway lists tokens, and the request had none.",
    personShould: "Send `Authorization: Bearer TOKEN`.",
  }),
  API_TOKEN_UNKNOWN: answered("a token that is not of this site", {
    means: "Its hash is not in gateway.yaml, or the gateway was not restarted since.",
    personShould: "Compare gateway.yaml, restart the gateway, or make a new token.",
  }),
  API_SCOPE_MISSING: answered("a token that is not for this", {
    means: "The token lacks the scope that the address asks for.",
    personShould: "Add the scope in gateway.yaml and restart the gateway, or use another token.",
  }),
  API_NOT_FOUND: answered("no such address", {
    means: "The gateway has no such path, or not with this method.",
    personShould: "Compare with reference/api.md.",
  }),
  API_PARCEL_UNKNOWN: answered("nobody knows this code", {
    means: "Neither the release cache nor the line's history has it.",
    personShould: "Compare with the label; older stories are found by `coline journal`.",
  }),
  API_BATCH_TOO_LARGE: answered("a batch past its bounds", {
    means: "More than 10,000 lines or 16 MiB; nothing was applied.",
    personShould: "Send smaller batches.",
  }),
  API_MEDIA_TYPE: answered("not NDJSON", {
    means: "Another media type, or a compressed body.",
    personShould: "Send `Content-Type: application/x-ndjson`, uncompressed.",
  }),
  API_COMMAND_UNANSWERED: answered("nobody answered the command", {
    means: "No controller is connected, it hangs, or it is of a version that does not know the command.",
    controllerDoes: "The gateway does not know whether it was carried out; an officer's hold is written all the same.",
    personShould: "Look at the line; send it again with the same id, which is acted on once.",
  }),
  API_BUSY: answered("too many at once", {
    means: "As many batches or commands are under way as the gateway holds in memory.",
    personShould: "Send this one again in a second.",
  }),
  API_INTERNAL: answered("the gateway's own mistake", {
    means: "A fault in Coline; the gateway's log has it with the same reqId.",
    personShould: "Report it with that line of the log.",
  }),
  API_LINE_NOT_LIVE: answered("no live controller", {
    means: "No controller is connected, or it has been silent for 3 s.",
    personShould: "See `systemctl status coline-controller@SITE`.",
  }),
} as const satisfies Record<string, Fault>;
