// Which node stands behind a number of the site: inputs, numbers, outputs and mailboxes of one OPC UA device. Pure.
import type { OpcUaDevice, UaType } from "./schema.ts";

/** A node and how the server tells of it. */
export interface NodeRef {
  node: string;
  isReported: boolean;
}

/** One bit of what a node holds. */
export interface BitRef extends NodeRef {
  index: number;
  inverted: boolean;
}

export interface NumberRef extends NodeRef {
  type: UaType;
}

/** So many numbers in one array. */
export interface ListRef extends NodeRef {
  length: number;
}

export type MailboxRef = OpcUaDevice["mailboxes"][number];

const BITS: Readonly<Record<UaType, 16 | 32>> = { Byte: 16, Int16: 16, UInt16: 16, Int32: 32, UInt32: 32 };

/** How many registers' numbers a value of this type takes. */
export const wordsOf = (type: UaType): 1 | 2 => (BITS[type] === 32 ? 2 : 1);

/** Words of a mailbox's command, and of its withdrawal behind it; as a Modbus mailbox of 32 bits has them. */
export const COMMAND_WORDS = 10;
export const VOID_WORDS = 2;

export class NodeTable {
  readonly #device: OpcUaDevice;
  readonly #numbers: ReadonlyMap<number, NumberRef>;
  readonly #outputs: ReadonlyMap<number, string>;
  readonly #mailboxes: ReadonlyMap<number, MailboxRef>;

  constructor(device: OpcUaDevice) {
    this.#device = device;
    this.#numbers = new Map(
      device.numbers.map(({ register, node, type }) => [register, { node, type, isReported: false }]),
    );
    this.#outputs = new Map(device.outputs.map(({ coil, node }) => [coil, node]));
    this.#mailboxes = new Map(device.mailboxes.map((mailbox) => [mailbox.register, mailbox]));
  }

  /** @throws RangeError for an input that the table does not have */
  bit(input: number): BitRef {
    const row = this.#device.inputs.find(({ first, count }) => input >= first && input < first + count);
    if (row === undefined) throw this.#missing(`input ${input}`);
    const { node, inverted, readBy } = row;
    return { node, index: input - row.first, inverted, isReported: readBy === "subscription" };
  }

  /** @throws RangeError for a number that the table does not have */
  number(register: number): NumberRef {
    const found = this.#numbers.get(register);
    if (found === undefined) throw this.#missing(`number ${register}`);
    return found;
  }

  /** @throws RangeError for a mailbox that the table does not have */
  state(status: number): NodeRef {
    const mailbox = this.#device.mailboxes.find((each) => each.status === status);
    if (mailbox === undefined) throw this.#missing(`mailbox with status ${status}`);
    return { node: mailbox.state, isReported: false };
  }

  /** @throws RangeError for a latch that the table does not have @param length its numbers */
  latch(register: number, length: number): ListRef {
    const latch = this.#device.latches.find((each) => each.register === register);
    if (latch === undefined) throw this.#missing(`latch ${register}`);
    return { node: latch.node, length, isReported: false };
  }

  findNumber(register: number): NumberRef | undefined {
    return this.#numbers.get(register);
  }

  findOutput(coil: number): string | undefined {
    return this.#outputs.get(coil);
  }

  findMailbox(register: number): MailboxRef | undefined {
    return this.#mailboxes.get(register);
  }

  /** Nodes that the server is asked to report. */
  get reported(): readonly string[] {
    const rows = this.#device.inputs.filter(({ readBy }) => readBy === "subscription");
    return [...new Set(rows.map(({ node }) => node))];
  }

  #missing(what: string): RangeError {
    return new RangeError(`device ${this.#device.id}: ${what} stands for no node`);
  }
}
