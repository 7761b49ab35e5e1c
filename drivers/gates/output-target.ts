// What is written and read for a gate that judges nothing: coils, a register with a code, or a number with a strobe.
import { type NumberFormat, registersOf } from "../buses/number-format.ts";
import type { GatePermit } from "../buses/port.ts";
import type { BusRequest } from "../buses/request.ts";
import type { DeviceImage } from "../inputs/device-image.ts";
import type { OutputDrive } from "./schema.ts";

export type WriteStyle = "any" | "single" | "multiple";

export interface OutputTarget {
  /** Registers that have to stand before; they move nothing. null: none. */
  preparation(permit: GatePermit): BusRequest | null;
  out(permit: GatePermit): BusRequest;
  home: BusRequest;
  readBack: BusRequest;
  /** The read-back's values show it at home. */
  isHome(values: readonly number[]): boolean;
  /** The image of the last poll shows it at home. */
  isHomeIn(image: DeviceImage): boolean;
  /** One output at one address, which may be written together with others. */
  isSingle: boolean;
}

export function targetOf(drive: OutputDrive, o: { format: NumberFormat; writes: WriteStyle }): OutputTarget {
  switch (drive.kind) {
    case "coil":
      return coils([drive.coil], { outAt: () => drive.coil, writes: o.writes });
    case "coils":
      return coils(Object.values(drive.positions), {
        outAt: (permit) => positionOf(drive.positions, permit),
        writes: o.writes,
      });
    case "register": {
      const format = { ...o.format, bits: drive.bits };
      const words = (code: number): number[] => registersOf(code, format);
      return registers(drive.register, {
        out: (permit) => words(positionOf(drive.positions, permit)),
        home: words(drive.home),
        writes: o.writes,
      });
    }
    case "command":
      return command(drive, o);
    default:
      return drive satisfies never;
  }
}

/** @throws for a chute that the drive has no position for: the configuration's rules exclude it */
function positionOf(positions: Readonly<Record<string, number>>, { chuteId, gateId }: GatePermit): number {
  const position = positions[chuteId];
  if (position === undefined) throw new Error(`gate ${gateId}: no position for chute ${chuteId}`);
  return position;
}

export function coilWrite(address: number, on: readonly boolean[], writes: WriteStyle): BusRequest {
  const [first = false] = on;
  if (on.length === 1 && writes !== "multiple") return { kind: "writeCoil", address, on: first };
  return { kind: "writeCoils", address, on };
}

export function registerWrite(address: number, values: readonly number[], writes: WriteStyle): BusRequest {
  const [first = 0] = values;
  if (values.length === 1 && writes !== "multiple") return { kind: "writeRegister", address, value: first };
  return { kind: "writeRegisters", address, values };
}

/** One coil, or a row of them of which at most one is on. */
function coils(
  addresses: readonly number[],
  o: { outAt: (permit: GatePermit) => number; writes: WriteStyle },
): OutputTarget {
  const from = Math.min(...addresses);
  const count = Math.max(...addresses) - from + 1;
  const row = (on: number | null): boolean[] => Array.from({ length: count }, (_, index) => from + index === on);
  return {
    preparation: () => null,
    out: (permit) => coilWrite(from, row(o.outAt(permit)), o.writes),
    home: coilWrite(from, row(null), o.writes),
    readBack: { kind: "readCoils", address: from, count },
    // What was not read counts as on; what a device fills the last byte up with does not count.
    isHome: (values) => row(null).every((_, index) => (((values[index >> 4] ?? 0xffff) >> (index & 15)) & 1) === 0),
    isHomeIn: (image) => addresses.every((address) => !image.coil(address)),
    isSingle: count === 1 && o.writes === "any",
  };
}

function registers(
  address: number,
  o: { out: (permit: GatePermit) => number[]; home: number[]; writes: WriteStyle },
): OutputTarget {
  const { home, writes } = o;
  return {
    preparation: () => null,
    out: (permit) => registerWrite(address, o.out(permit), writes),
    home: registerWrite(address, home, writes),
    readBack: { kind: "readHolding", address, count: home.length },
    isHome: (values) => home.every((word, index) => values[index] === word),
    isHomeIn: (image) => home.every((word, index) => image.holding[address + index] === word),
    isSingle: home.length === 1 && writes === "any",
  };
}

/** Number and code first, then the strobe; in one write where the strobe's register follows them. */
function command(
  drive: Extract<OutputDrive, { kind: "command" }>,
  o: { format: NumberFormat; writes: WriteStyle },
): OutputTarget {
  const { number, code, strobe, positions } = drive;
  const format = { ...o.format, bits: drive.bits };
  const one: NumberFormat = { ...o.format, bits: 16 };
  const codeAt = number + drive.bits / 16;
  const words = (permit: GatePermit): number[] => [
    ...registersOf(numberOf(permit, drive), format),
    ...(code === codeAt ? registersOf(positionOf(positions, permit), one) : []),
  ];
  const plain =
    "coil" in strobe
      ? coils([strobe.coil], { outAt: () => strobe.coil, writes: o.writes })
      : registers(strobe.register, {
          out: () => registersOf(strobe.on, one),
          home: registersOf(strobe.off, one),
          writes: o.writes,
        });
  const end = codeAt + (code === undefined ? 0 : 1);
  if ("coil" in strobe || strobe.register !== end || o.writes === "single")
    return { ...plain, isSingle: false, preparation: (permit) => registerWrite(number, words(permit), o.writes) };
  const whole = (permit: GatePermit): number[] => [...words(permit), ...registersOf(strobe.on, one)];
  return { ...plain, isSingle: false, out: (permit) => registerWrite(number, whole(permit), o.writes) };
}

/** The number that the device repeats. Never 0, which many devices take for "none". */
export function numberOf(permit: Pick<GatePermit, "id">, drive: { bits: 16 | 32 }): number {
  if (drive.bits === 32) return permit.id >>> 0;
  return (permit.id % 0xffff) + 1;
}
