// Discrete inputs wherever a device keeps them: four tables, packed, inverted, with its bytes exchanged.
import { expect, test } from "vitest";
import { DeviceImage } from "../../../drivers/inputs/device-image.ts";
import { type InputArea, inputAreaSchema, inputAreasOf, placeOf } from "../../../drivers/inputs/input-area.ts";

const area = (o: Partial<InputArea> & Pick<InputArea, "from" | "address">): InputArea =>
  inputAreaSchema.parse({ first: 0, count: 32, ...o });

test("a device that says nothing keeps them at their own addresses", () => {
  const image = new DeviceImage({ areas: inputAreasOf({}) });
  image.setInputs(32, [0b100]);
  expect([image.input(34), image.input(33)]).toEqual([true, false]);
});

test("packed inputs are input registers from the first on", () => {
  const image = new DeviceImage({ areas: inputAreasOf({ packedInputs: { register: 4, words: 2 } }) });
  image.setRegisters(4, [0, 0b10]);
  expect([image.input(17), image.input(16)]).toEqual([true, false]);
  expect(image.input(32), "an input that is in no area is off").toBe(false);
});

test("each table, and areas side by side", () => {
  const image = new DeviceImage({
    areas: [
      area({ from: "coils", address: 100, count: 8 }),
      area({ from: "holdingRegisters", address: 7, first: 8, count: 16 }),
      area({ from: "discreteInputs", address: 3, first: 24, count: 1 }),
    ],
  });
  image.setCoils(96, [1 << 6]);
  image.setRegisters(7, [1 << 5], "holdingRegisters");
  image.setInputs(0, [1 << 3]);
  expect(Array.from({ length: 25 }, (_, index) => image.input(index)).flatMap((on, i) => (on ? [i] : []))).toEqual([
    2, 13, 24,
  ]);
});

test("an inverted area is on where the device shows off", () => {
  const image = new DeviceImage({ areas: [area({ from: "inputRegisters", address: 0, inverted: true })] });
  image.setRegisters(0, [0xfffe, 0xffff]);
  expect([image.input(0), image.input(1)]).toEqual([true, false]);
});

test("with exchanged bytes the first eight stand in the high one", () => {
  const areas = [area({ from: "inputRegisters", address: 9, bytesSwapped: true })];
  expect([0, 7, 8, 15, 16].map((index) => placeOf(areas, index))).toMatchObject([
    { address: 9, bit: 8 },
    { address: 9, bit: 15 },
    { address: 9, bit: 0 },
    { address: 9, bit: 7 },
    { address: 10, bit: 8 },
  ]);
});

test("bits that were read from any address on are put there, and touch no others", () => {
  const image = new DeviceImage({});
  image.setInputs(0, [0xffff, 0xffff]);
  image.setInputs(13, [0], 5);
  const on = Array.from({ length: 32 }, (_, index) => image.input(index));
  expect(on.flatMap((is, index) => (is ? [] : [index]))).toEqual([13, 14, 15, 16, 17]);
});

test("what does not change is no new version, and neither is what counts", () => {
  const image = new DeviceImage({ counting: { holdingRegisters: [5] } });
  image.setRegisters(5, [1, 2], "holdingRegisters");
  const { version } = image;
  image.setRegisters(5, [9, 2], "holdingRegisters");
  image.setInputs(3, [0], 4);
  expect(image.version).toBe(version);
  image.setRegisters(5, [9, 3], "holdingRegisters");
  expect(image.version).toBe(version + 1);
});
