// What a command writes to standard output and standard error, kept for the test that runs it.
import { afterEach, beforeEach, vi } from "vitest";

/** To be called once a file, at its top; empty again before each test. */
export function caughtConsole(): { out: string; err: string } {
  const said = { out: "", err: "" };
  beforeEach(() => {
    [said.out, said.err] = ["", ""];
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      said.out += String(text);
      return true;
    });
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      said.err += String(text);
      return true;
    });
  });
  afterEach(() => vi.restoreAllMocks());
  return said;
}
