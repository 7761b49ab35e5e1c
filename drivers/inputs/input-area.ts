// Where a device keeps its discrete inputs: numbered ranges, each in one of the four tables of Modbus.
import { z } from "zod";

export const modbusAddressSchema = z.int().min(0).max(65_535);

export const inputAreaSchema = z.strictObject({
  first: z.int().min(0).max(65_535).describe("Number of the area's first input, as eyes, signals and gates call it."),
  count: z.int().min(1).max(2000).describe("How many inputs it has, numbered on from the first."),
  from: z
    .enum(["discreteInputs", "coils", "inputRegisters", "holdingRegisters"])
    .describe("Table in which they stand. In registers 16 inputs share one, the first in bit 0."),
  address: modbusAddressSchema.describe("Address of the first input, or of its register."),
  inverted: z
    .boolean()
    .default(false)
    .describe("The device shows off for what Coline calls on, such as a sensor that switches off when it sees."),
  bytesSwapped: z
    .boolean()
    .default(false)
    .describe("In registers: the first eight inputs stand in the high byte, the next eight in the low one."),
});

export type InputArea = z.output<typeof inputAreaSchema>;

/** Discrete inputs at their own addresses: how a device is read that says nothing else. */
export const OWN_ADDRESSES: InputArea = {
  first: 0,
  count: 65_536,
  from: "discreteInputs",
  address: 0,
  inverted: false,
  bytesSwapped: false,
};

/** The areas of a device, whichever way its configuration says them. */
export function inputAreasOf(device: {
  packedInputs?: { register: number; words: number } | undefined;
  inputs?: readonly InputArea[] | undefined;
}): readonly InputArea[] {
  if (device.inputs !== undefined) return device.inputs;
  const { packedInputs } = device;
  if (packedInputs === undefined) return [OWN_ADDRESSES];
  const packed = { first: 0, count: packedInputs.words * 16, address: packedInputs.register };
  return [{ ...packed, from: "inputRegisters", inverted: false, bytesSwapped: false }];
}

export interface InputPlace {
  from: InputArea["from"];
  /** Of the bit in a table of bits, of the register in a table of registers. */
  address: number;
  /** 0..15 within the register; 0 in a table of bits. */
  bit: number;
  inverted: boolean;
}

/** Where input `index` stands; null: in none of the areas. */
export function placeOf(areas: readonly InputArea[], index: number): InputPlace | null {
  const area = areas.find(({ first, count }) => index >= first && index < first + count);
  if (area === undefined) return null;
  const at = index - area.first;
  const { from, address, inverted } = area;
  if (from === "discreteInputs" || from === "coils") return { from, address: address + at, bit: 0, inverted };
  return { from, address: address + (at >> 4), bit: (at & 15) ^ (area.bytesSwapped ? 8 : 0), inverted };
}
