// gateway.yaml: where the gateway listens, and who may speak to it.
import { z } from "zod";
import { ROLES } from "../line/command.ts";
import { idOf } from "./values.ts";

const SCOPES_SAY =
  "feed: hand in releases and holds; read and auditor: everything that only shows; operator and officer: that, and " +
  "their commands.";

const tokenSchema = z.strictObject({
  name: idOf("Who holds the token; it stands in the journal beside what was done with it."),
  scopes: z.array(z.enum(ROLES).describe(SCOPES_SAY)).min(1).describe(`What the token allows. ${SCOPES_SAY}`),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("SHA-256 of the token in hex, as `coline token` prints it; the token itself is never in a file."),
});

export const gatewaySchema = z.strictObject({
  api: z
    .strictObject({
      host: z
        .string()
        .min(1)
        .default("127.0.0.1")
        .describe("Address to listen on. Beyond loopback there must be tokens."),
      port: z.int().min(0).max(65_535).default(8080).describe("TCP port; 0 takes a free one."),
    })
    .prefault({})
    .describe("The HTTP interface."),
  tokens: z.array(tokenSchema).max(256).default([]).describe("Who may speak to the gateway from another machine."),
});

export type GatewayConfig = z.output<typeof gatewaySchema>;
