// The configuration of one OPC UA device: its server, its security, and which node stands for which input, number and gate.
import { z } from "zod";
import { echoSchema } from "../buses/watchdogs/schema.ts";
import { modbusAddressSchema } from "../inputs/input-area.ts";
import { nodeIdSchema } from "./node-id.ts";

const number = modbusAddressSchema;
const path = z.string().min(1).max(1024);

const securitySchema = z.discriminatedUnion("mode", [
  z.strictObject({
    mode: z
      .literal("none")
      .describe(
        "Nothing is signed or encrypted: whoever reaches the network can move gates. Only on a network of the line's own.",
      ),
  }),
  z.strictObject({
    mode: z.literal("signAndEncrypt").describe("Every message is signed and encrypted, both sides show certificates."),
    policy: z
      .literal("Basic256Sha256")
      .default("Basic256Sha256")
      .describe("Security policy; the server must offer it (OPC 10000-7)."),
    certificates: path
      .default("certificates")
      .describe(
        "Folder of Coline's own certificate and of the servers' that are trusted, relative to the site's folder or " +
          "absolute; `coline certs` makes and shows it.",
      ),
  }),
]);

const userSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("anonymous").describe("No user: the certificate alone says who asks.") }),
  z.strictObject({
    kind: z.literal("password").describe("User name and password; sent encrypted."),
    name: z.string().min(1).max(255).describe("User name."),
    passwordFile: path.describe(
      "File that holds the password in its first line, relative to the site's folder or absolute; only the controller's " +
        "user should be able to read it.",
    ),
  }),
  z.strictObject({
    kind: z.literal("certificate").describe("A certificate of the user's own, apart from the application's."),
    certificateFile: path.describe("The user's certificate, PEM, relative to the site's folder or absolute."),
    privateKeyFile: path.describe("Its private key, PEM, relative to the site's folder or absolute."),
  }),
]);

const inputsSchema = z.strictObject({
  first: number.describe("Number of the first of these inputs, as eyes, chutes, signals and gates call it."),
  count: z
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe("How many there are, numbered on from the first; more than one: an array, or the bits of a number."),
  node: nodeIdSchema.describe(
    "Variable: a Boolean, an array of Booleans, or a whole number, the first input in bit 0.",
  ),
  inverted: z.boolean().default(false).describe("The variable is off for what Coline calls on."),
  readBy: z
    .enum(["poll", "subscription"])
    .default("poll")
    .describe(
      "poll: read with every poll. subscription: reported by the server when it changes; for slow signals only, never " +
        "for an eye, a drive's contact or a gate's switch.",
    ),
});

export const UA_TYPES = ["Byte", "Int16", "UInt16", "Int32", "UInt32"] as const;
export type UaType = (typeof UA_TYPES)[number];

const numbersSchema = z.strictObject({
  register: number.describe(
    "Number by which the rest of the site calls it, where a Modbus device would have a register; 32 bits take two.",
  ),
  node: nodeIdSchema.describe("Variable that holds a whole number."),
  type: z.enum(UA_TYPES).describe("Its data type; what is written is of exactly this type."),
});

const outputsSchema = z.strictObject({
  coil: number.describe("Number by which gates and permits call it."),
  node: nodeIdSchema.describe("Variable of type Boolean that is written and read back."),
});

const mailboxSchema = z.strictObject({
  register: number.describe("The number that the gate's drive names as its register."),
  status: number.describe("The number that the gate's drive names as its status."),
  state: nodeIdSchema.describe(
    "Variable, an array of four UInt32: sequence judged last, verdict, state bits, sequence up to which all is void. One " +
      "array, so that no verdict is ever taken for another sequence's.",
  ),
  command: z
    .discriminatedUnion("by", [
      z.strictObject({
        by: z.literal("method").describe("Commands are method calls."),
        object: nodeIdSchema.describe("Object that has the methods."),
        divert: nodeIdSchema.describe(
          "Method: sequence, position, fromCount, untilCount, homeAtCount, maxOutMs, each UInt32. Nothing is returned.",
        ),
        withdraw: nodeIdSchema.describe("Method: the sequence up to which all is void, UInt32. Nothing is returned."),
      }),
      z.strictObject({
        by: z.literal("variable").describe("Commands are writes of one array, so that no half command is ever judged."),
        divert: nodeIdSchema.describe(
          "Variable, an array of six UInt32: sequence, position, fromCount, untilCount, homeAtCount, maxOutMs.",
        ),
        withdraw: nodeIdSchema.describe("Variable, UInt32: the sequence up to which all is void."),
      }),
    ])
    .describe("How the device takes commands."),
});

const latchesSchema = z.strictObject({
  register: number.describe("The number that an eye's latch names as its register."),
  node: nodeIdSchema.describe(
    "Variable, an array of UInt32: how many edges there were, then the belt's count at each of the last (docs/reference/" +
      "opcua.md). One array, so that number and counts are of one moment.",
  ),
});

const subscriptionSchema = z.strictObject({
  samplingMs: z
    .int()
    .min(10)
    .max(60_000)
    .default(100)
    .describe("How often the server looks at the variable, in ms; the server may take longer."),
  publishMs: z.int().min(10).max(60_000).default(200).describe("How often the server reports, in ms."),
  queueSize: z
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe("Changes that the server keeps between two reports; the oldest goes first."),
  lostAfterMs: z
    .int()
    .min(500)
    .max(600_000)
    .default(5000)
    .describe("No report and no sign of life for so long, in ms: what was reported is unknown, and it is made anew."),
});

export const opcUaDeviceSchema = z
  .strictObject({
    id: z.string().min(1).describe("Name of the device; belts, eyes, gates and permits refer to it."),
    driver: z.literal("opcua").describe("OPC UA over TCP, binary (OPC 10000-4, 10000-6)."),
    endpoint: z
      .string()
      .regex(/^opc\.tcp:\/\/[^\s/:]+(:\d{1,5})?(\/\S*)?$/, 'an address such as "opc.tcp://192.168.1.30:4840"')
      .describe("Address of the server."),
    security: securitySchema.describe("How messages are protected; there is no default."),
    user: userSchema.default({ kind: "anonymous" }).describe("Who asks."),
    sessionTimeoutMs: z
      .int()
      .min(2000)
      .max(3_600_000)
      .default(30_000)
      .describe("How long the server keeps the session while the connection is broken, in ms."),
    connectMs: z
      .int()
      .min(500)
      .max(60_000)
      .default(30_000)
      .describe(
        "Longest time from the attempt to connect until the session stands, in ms. Certificates cost a small PLC seconds; " +
          "whether anybody is there at all is known after one.",
      ),
    timeoutMs: z
      .int()
      .min(5)
      .max(10_000)
      .default(100)
      .describe("How long a reply may take, in ms; past it a command is in doubt and never repeated."),
    pollMs: z
      .int()
      .min(1)
      .max(10_000)
      .default(10)
      .describe(
        "Time from one poll of all inputs to the next, in ms. Half of the belt's travel in it is an eye's error.",
      ),
    replyFloorMs: z
      .number()
      .min(0.1)
      .max(1000)
      .default(3)
      .describe("The least reply time that is reckoned with before one is measured, in ms."),
    staleMs: z
      .int()
      .min(10)
      .max(60_000)
      .nullable()
      .default(1000)
      .describe(
        "Oldest source timestamp that counts, in ms, by the server's own clock. null: the source stamps changes only, so " +
          "that the age of a value says nothing.",
      ),
    inputs: z.array(inputsSchema).max(256).default([]).describe("Discrete inputs by number."),
    numbers: z.array(numbersSchema).max(512).default([]).describe("Counts, codes and other whole numbers."),
    outputs: z
      .array(outputsSchema)
      .max(256)
      .default([])
      .describe("Single outputs: plain gates, run and infeed permits."),
    mailboxes: z.array(mailboxSchema).max(128).default([]).describe("Gates that judge their commands."),
    latches: z
      .array(latchesSchema)
      .max(256)
      .default([])
      .describe("Eyes whose edges the device keeps with their counts."),
    subscription: subscriptionSchema.prefault({}).describe("How the server reports what is not polled."),
    watchdog: echoSchema
      .optional()
      .describe("The device's own watchdog, over numbers of type UInt16. Left out: it has none, and nothing is armed."),
  })
  .refine(({ security, user }) => security.mode !== "none" || user.kind === "anonymous", {
    path: ["user"],
    message: "an anonymous user, or a security that is not none: a secret is not sent in the open",
  });

export type OpcUaDevice = z.output<typeof opcUaDeviceSchema>;
