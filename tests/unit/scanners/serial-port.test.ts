// A serial port that goes away while it is being opened.
import { SerialPort } from "serialport";
import { afterEach, expect, test, vi } from "vitest";
import { openSerialPort } from "../../../drivers/serial/serial-port.ts";

afterEach(() => void vi.restoreAllMocks());

const settings = { path: "/dev/ttyUSB0", baud: 9600, dataBits: 8, parity: "none", stopBits: 1 } as const;

test("a plug pulled between opening and first use leaves no descriptor open", async () => {
  const close = vi.fn(async () => {});
  const gone = async (): Promise<never> => {
    throw new Error("input/output error");
  };
  const binding = { poller: {}, isOpen: true, set: gone, get: gone, flush: gone, close };
  vi.spyOn(SerialPort.binding, "open").mockResolvedValue(binding as never);
  await expect(openSerialPort(settings)).rejects.toThrow("input/output error");
  expect(close).toHaveBeenCalledTimes(1);
});
