// The envelope of every stored value: format, table, version of the change, body, and a checksum bound to its key.
import { crc32 } from "node:zlib";

/**
 * Layout, big-endian: format u8 | table u8 | version u48 | body | CRC-32 u32 over key and all bytes before it, this one
 * little-endian. The checksum includes the key, so that a value found under a wrong key is as damaged as one with a
 * wrong bit.
 */
export const valueFormat = 1;

/** One letter a table, so that a value cannot be taken for one of another table. */
export type TableTag = "D" | "H" | "L" | "M";

const headBytes = 8;
const checksumBytes = 4;
/** CRC-32 over any bytes and their own CRC-32 behind them: one pass over a value checks it. */
const crcResidue = 0x2144df1c;

/** The value cannot be believed; whoever reads it answers "error", never a guess. */
export class DamagedValue extends Error {
  override name = "DamagedValue";
}

export class BodyWriter {
  #bytes = Buffer.allocUnsafe(256);
  #at = headBytes;

  u8(value: number): this {
    this.#at = this.#room(1).writeUInt8(value, this.#at);
    return this;
  }

  u16(value: number): this {
    this.#at = this.#room(2).writeUInt16BE(value, this.#at);
    return this;
  }

  /** Times in ms since 1970 fit until the year 10889. */
  u48(value: number): this {
    this.#at = this.#room(6).writeUIntBE(value, this.#at, 6);
    return this;
  }

  /** At most 255 characters of ASCII: the feed takes no others. */
  text(value: string): this {
    this.u8(value.length);
    this.#at += this.#room(value.length).write(value, this.#at, "latin1");
    return this;
  }

  /** The finished value, in memory of its own. */
  seal(o: { key: string; table: TableTag; version: number }): Buffer {
    this.#bytes.writeUInt8(valueFormat, 0);
    this.#bytes.write(o.table, 1, "latin1");
    this.#bytes.writeUIntBE(o.version, 2, 6);
    const end = this.#at;
    this.#room(checksumBytes).writeUInt32LE(crc32(this.#bytes.subarray(0, end), crc32(o.key)), end);
    return Buffer.from(this.#bytes.subarray(0, end + checksumBytes));
  }

  #room(bytes: number): Buffer {
    if (this.#at + bytes <= this.#bytes.length) return this.#bytes;
    const larger = Buffer.allocUnsafe(this.#bytes.length * 2 + bytes);
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
    return larger;
  }
}

export class BodyReader {
  readonly version: number;
  readonly #bytes: Buffer;
  readonly #end: number;
  #at = headBytes;

  /** @throws DamagedValue for a wrong length, format, table or checksum. */
  constructor(bytes: Buffer, o: { key: string; table: TableTag }) {
    this.#bytes = bytes;
    this.#end = bytes.length - checksumBytes;
    if (this.#end < headBytes) throw new DamagedValue(`${bytes.length} bytes are too few for a value`);
    const format = bytes.readUInt8(0);
    if (format !== valueFormat) throw new DamagedValue(`value format ${format}, this version reads ${valueFormat}`);
    const tag = String.fromCharCode(bytes.readUInt8(1));
    if (tag !== o.table) throw new DamagedValue(`a value of table ${tag} lies in table ${o.table}`);
    if (crc32(bytes, crc32(o.key)) !== crcResidue) throw new DamagedValue("the checksum does not match");
    this.version = bytes.readUIntBE(2, 6);
  }

  u8(): number {
    return byteAt(this.#bytes, this.#take(1));
  }

  u16(): number {
    const at = this.#take(2);
    return (byteAt(this.#bytes, at) << 8) | byteAt(this.#bytes, at + 1);
  }

  u48(): number {
    const bytes = this.#bytes;
    const at = this.#take(6);
    // Twice as fast as readUIntBE, and a look-up reads a dozen of these.
    const high = (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1);
    const low = (byteAt(bytes, at + 2) << 24) | (byteAt(bytes, at + 3) << 16) | (byteAt(bytes, at + 4) << 8);
    return high * 0x1_0000_0000 + ((low | byteAt(bytes, at + 5)) >>> 0);
  }

  text(): string {
    const length = this.u8();
    const from = this.#take(length);
    return this.#bytes.toString("latin1", from, from + length);
  }

  /** @throws DamagedValue when bytes are left over. */
  finish(): void {
    if (this.#at !== this.#end) throw new DamagedValue(`${this.#end - this.#at} bytes are left over`);
  }

  #take(bytes: number): number {
    const from = this.#at;
    this.#at += bytes;
    if (this.#at > this.#end) throw new DamagedValue("the value ends too early");
    return from;
  }
}

/** Only called within bounds: `#take` has checked them. */
const byteAt = (bytes: Buffer, at: number): number => bytes[at] ?? 0;
