// Turns what the machine of a device asks for into OPC UA services on its nodes, and their answers back. Pure.
import type { BusReply, BusRequest } from "../buses/request.ts";
import { bitAt, type Look, numberAt, type UaImage } from "./image.ts";
import { COMMAND_WORDS, type MailboxRef, type NodeRef, type NodeTable, VOID_WORDS, wordsOf } from "./node-table.ts";
import type { UaType } from "./schema.ts";
import { numberOf } from "./value.ts";

export interface UaWrite {
  node: string;
  type: "Boolean" | UaType;
  /** A list is written as an array of the type. */
  value: boolean | number | readonly number[];
}

export type UaOperation =
  | { kind: "read"; nodes: readonly string[]; reply: (look: Look) => BusReply }
  | { kind: "write"; writes: readonly UaWrite[] }
  /** All arguments are UInt32. */
  | { kind: "call"; object: string; method: string; args: readonly number[] }
  /** The tables have no such thing: nothing goes out. */
  | { kind: "none"; why: string };

/** Modbus' word for what was not done and never will be, in which the machine thinks. */
const ILLEGAL_VALUE = 3;

export const refusal = (text: string): BusReply => ({ kind: "exception", code: ILLEGAL_VALUE, text });

export function operationOf(request: BusRequest, o: { table: NodeTable; image: UaImage }): UaOperation {
  const { table, image } = o;
  switch (request.kind) {
    case "readRegisters": {
      const { address, count } = request;
      return {
        kind: "read",
        nodes: image.nodesOf(request),
        reply: (look) => ({ kind: "values", values: image.take({ address, count }, look) }),
      };
    }
    case "readInputs":
      return none("inputs stand in the image's registers");
    case "readCoils":
      return readOutputs(request, table);
    case "readHolding":
      return readNumbers(request, table);
    case "writeCoil":
      return writeOutputs(request.address, [request.on], table);
    case "writeCoils":
      return writeOutputs(request.address, request.on, table);
    case "writeRegister":
      return writeNumbers(request.address, [request.value], table);
    case "writeRegisters":
      return post(request.address, request.values, table);
    default:
      return request satisfies never;
  }
}

const none = (why: string): UaOperation => ({ kind: "none", why });

/** Outputs of the span that the table has; addresses between them count as off. */
function readOutputs({ address, count }: { address: number; count: number }, table: NodeTable): UaOperation {
  const refs = new Map<number, NodeRef & { index: 0; inverted: false }>();
  for (let i = 0; i < count; i += 1) {
    const node = table.findOutput(address + i);
    if (node !== undefined) refs.set(i, { node, index: 0, inverted: false, isReported: false });
  }
  const reply = (look: Look): BusReply => {
    const values = new Array<number>(Math.ceil(count / 16)).fill(0);
    for (const [at, ref] of refs) {
      const bit = bitAt(ref, look);
      // An output that nobody knows the state of is not read: what it may be doing is as open as before.
      if (bit === null) return refusal(`${ref.node}: ${whyOf(look(ref))}`);
      if (bit) values[at >> 4] = (values[at >> 4] ?? 0) | (1 << (at & 15));
    }
    return { kind: "values", values };
  };
  return { kind: "read", nodes: [...refs.values()].map(({ node }) => node), reply };
}

/** Numbers that are written, and how far a mailbox's withdrawals have come: its fourth value. */
function readNumbers({ address, count }: { address: number; count: number }, table: NodeTable): UaOperation {
  const parts: { at: number; words: number; ref: NodeRef; read: (look: Look) => number | null }[] = [];
  for (let i = 0; i < count; i += 1) {
    const ref = table.findNumber(address + i);
    const mailbox = table.findMailbox(address + i - COMMAND_WORDS);
    if (ref !== undefined) parts.push({ at: i, words: wordsOf(ref.type), ref, read: (look) => numberAt(ref, look) });
    else if (mailbox !== undefined) parts.push({ at: i, words: VOID_WORDS, ...voidedIn(mailbox) });
  }
  const reply = (look: Look): BusReply => {
    const values = new Array<number>(count).fill(0);
    for (const { at, words, ref, read } of parts) {
      const value = read(look);
      if (value === null) return refusal(`${ref.node}: ${whyOf(look(ref))}`);
      if (words === 2 && at + 1 < count) values[at] = value >>> 16;
      values[Math.min(count - 1, at + words - 1)] = value & 0xffff;
    }
    return { kind: "values", values };
  };
  return { kind: "read", nodes: [...new Set(parts.map(({ ref }) => ref.node))], reply };
}

const VOIDED_INDEX = 3;

function voidedIn({ state }: MailboxRef): { ref: NodeRef; read: (look: Look) => number | null } {
  const ref = { node: state, isReported: false };
  const read = (look: Look): number | null => {
    const seen = look(ref);
    return seen.isKnown ? numberOf(seen.value, VOIDED_INDEX) : null;
  };
  return { ref, read };
}

const whyOf = (seen: ReturnType<Look>): string => (seen.isKnown ? "is of another kind than the site says" : seen.why);

function writeOutputs(address: number, on: readonly boolean[], table: NodeTable): UaOperation {
  const writes: UaWrite[] = [];
  for (const [i, value] of on.entries()) {
    const node = table.findOutput(address + i);
    if (node !== undefined) writes.push({ node, type: "Boolean", value });
    else if (value) return none(`no output ${address + i}`);
  }
  return writes.length === 0 ? none(`no output ${address}`) : { kind: "write", writes };
}

/** A command or a withdrawal where a mailbox stands, else plain numbers. */
function post(address: number, values: readonly number[], table: NodeTable): UaOperation {
  const mailbox = table.findMailbox(address);
  if (mailbox !== undefined && values.length === COMMAND_WORDS) return divert(mailbox, values);
  const before = table.findMailbox(address - COMMAND_WORDS);
  if (before !== undefined && values.length === VOID_WORDS) return withdraw(before, u32(values, 0));
  return writeNumbers(address, values, table);
}

/** Sequence, position, three counts and the time out, as a mailbox of 32 bits has them. */
function divert({ command }: MailboxRef, words: readonly number[]): UaOperation {
  const args = [u32(words, 0), words[2] ?? 0, u32(words, 3), u32(words, 5), u32(words, 7), words[9] ?? 0];
  if (command.by === "variable")
    return { kind: "write", writes: [{ node: command.divert, type: "UInt32", value: args }] };
  return { kind: "call", object: command.object, method: command.divert, args };
}

function withdraw({ command }: MailboxRef, upTo: number): UaOperation {
  if (command.by === "variable")
    return { kind: "write", writes: [{ node: command.withdraw, type: "UInt32", value: upTo }] };
  return { kind: "call", object: command.object, method: command.withdraw, args: [upTo] };
}

function writeNumbers(address: number, words: readonly number[], table: NodeTable): UaOperation {
  const writes: UaWrite[] = [];
  for (let i = 0; i < words.length; ) {
    const ref = table.findNumber(address + i);
    if (ref === undefined) return none(`no number ${address + i}`);
    const width = wordsOf(ref.type);
    if (i + width > words.length) return none(`number ${address + i} is wider than what is written`);
    const value = width === 2 ? u32(words, i) : (words[i] ?? 0);
    writes.push({ node: ref.node, type: ref.type, value: asType(value, ref.type) });
    i += width;
  }
  return { kind: "write", writes };
}

const u32 = (words: readonly number[], at: number): number => (((words[at] ?? 0) << 16) | (words[at + 1] ?? 0)) >>> 0;

/** The same bits as the type has them; a signed number stands for its two's complement. */
function asType(value: number, type: UaType): number {
  if (type === "Int16") return (value << 16) >> 16;
  if (type === "Int32") return value | 0;
  return type === "Byte" ? value & 0xff : value;
}
