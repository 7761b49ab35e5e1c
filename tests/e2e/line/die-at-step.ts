// Preloaded into a controller (`node --import`): kills it with SIGKILL at one named step of a permit's way, from outside.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { Socket } from "node:net";

/**
 * The steps of a permit between its decision and the device's answer, in order: its entry is about to be written, is
 * written and not synced, is synced and the controller does not know it yet; its command is about to go out after the
 * last look, is with the kernel, is answered and the controller does not know it yet.
 */
export const STEPS = ["decided", "appended", "synced", "looked", "sent", "acknowledged"] as const;
export type Step = (typeof STEPS)[number];

/** The controller dies when the `nth` permit of its run is at `step`. */
export interface Death {
  step: Step;
  nth: number;
}

/** In the environment: a JSON file with one `Death`, taken away when it is met; no file: nobody dies. */
export const DEATH_FILE = "COLINE_TEST_DEATH_FILE";

const deathFile = process.env[DEATH_FILE];
if (deathFile !== undefined && process.argv[2] === "controller") arm(deathFile);

function arm(file: string): void {
  const met: Partial<Record<Step, number>> = {};
  const pass = (step: Step): void => {
    met[step] = (met[step] ?? 0) + 1;
    const death = wanted(file);
    if (death === null || death.step !== step || met[step] < death.nth) return;
    fs.unlinkSync(file);
    process.kill(process.pid, "SIGKILL");
  };
  watchJournal(pass);
  watchSockets(pass);
}

function wanted(file: string): Death | null {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as Death;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** A group of entries is written, then synced, on one descriptor. */
function watchJournal(pass: (step: Step) => void): void {
  const { write, fdatasync } = fs;
  let unsynced = false;
  const writeWatched = (fd: number, bytes: Buffer, from: number, length: number, ...more: unknown[]): void => {
    if (Buffer.isBuffer(bytes) && bytes.subarray(from, from + length).includes('"kind":"permit"')) {
      pass("decided");
      unsynced = true;
    }
    Reflect.apply(write, fs, [fd, bytes, from, length, ...more]);
  };
  const syncWatched = (fd: number, done: (error: NodeJS.ErrnoException | null) => void): void => {
    const concerned = unsynced;
    unsynced = false;
    if (concerned) pass("appended");
    fdatasync(fd, (error) => {
      if (concerned) pass("synced");
      done(error);
    });
  };
  Object.assign(fs, { write: writeWatched, fdatasync: syncWatched });
  syncBuiltinESMExports(); // So that `import { write } from "node:fs"` means these.
}

const FUNCTION_CODE_AT = 7;
const REGISTERS_AT = 10;
const WRITE_REGISTERS = 16;
/** A command to a judging gate writes so many at once; a withdrawal writes two. */
const COMMAND_REGISTERS = 10;

function watchSockets(pass: (step: Step) => void): void {
  const { write } = Socket.prototype;
  const heard = new WeakSet<Socket>();
  const unanswered = new WeakSet<Socket>();
  Socket.prototype.write = function writeWatched(this: Socket, bytes: unknown, ...more: unknown[]): boolean {
    const isCommand =
      Buffer.isBuffer(bytes) &&
      bytes[FUNCTION_CODE_AT] === WRITE_REGISTERS &&
      bytes.readUInt16BE(REGISTERS_AT) === COMMAND_REGISTERS;
    if (!isCommand) return Reflect.apply(write, this, [bytes, ...more]) as boolean;
    pass("looked");
    if (!heard.has(this)) {
      heard.add(this);
      // Before the driver's own listener: it must not know the answer yet.
      this.prependListener("data", (reply: Buffer) => {
        if (reply[FUNCTION_CODE_AT] === WRITE_REGISTERS && unanswered.delete(this)) pass("acknowledged");
      });
    }
    unanswered.add(this);
    const taken = Reflect.apply(write, this, [bytes, ...more]) as boolean;
    pass("sent");
    return taken;
  };
}
