// A terminal of our own that echoes: shows when the kernel has last handed over what its serial ports have taken in.
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";

/** The multiplexer of pseudo-terminals, pty(7): each opening is a new pair, of which this is the master's end. */
const MULTIPLEXER = "/dev/ptmx";
/** A character and its erasure (VERASE, termios(3)): the terminal echoes both and keeps nothing, so that it never fills. */
const PROBE = Buffer.from("x\u007f", "latin1");

export interface TtyEcho {
  /** Sends a probe; nothing while one is under way. One that cannot be sent never comes back. */
  send(): void;
  /** The probe has come back; true until the next is sent, and before the first. */
  isBack(): boolean;
  /**
   * Takes another terminal, of which nothing is under way.
   * @returns what was wrong with the one before, as far as the system has said
   * @throws when the system gives none
   */
  renew(): string;
  close(): void;
}

/**
 * What a port takes in is handed to its reader by a kernel worker (tty_flip_buffer_push, drivers/tty/tty_buffer.c): one queue for
 * all ports, worked off in order, at ordinary priority. A probe takes that way twice, to the pair's other end and back as
 * its echo: once it is here, everything has been begun that had come to a port before it was sent.
 * @param device for tests
 * @returns a sentence for the log: why there is none, and what follows
 */
export function openTtyEcho(device = MULTIPLEXER): TtyEcho | string {
  const open = (): number => openSync(device, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  let fd: number | null;
  try {
    fd = open();
  } catch (error) {
    return `telegrams that the kernel hands over late are not noticed: ${(error as Error).message}`;
  }
  const buffer = Buffer.alloc(64);
  let isUnderWay = false;
  /** Its echo may come in parts: it is back when all of it is. */
  let awaitedBytes = 0;
  let failure = NOTHING_SAID;
  const close = (): void => {
    if (fd !== null) closeSync(fd);
    fd = null;
  };
  return {
    send() {
      if (isUnderWay || fd === null) return;
      isUnderWay = true;
      awaitedBytes = ECHO_BYTES;
      try {
        const sent = writeSync(fd, PROBE);
        // A part of a probe brings a part of its echo.
        if (sent !== PROBE.length) failure = `it took ${sent} of ${PROBE.length} bytes`;
      } catch (error) {
        failure = (error as Error).message;
      }
    },
    isBack() {
      if (!isUnderWay || fd === null) return !isUnderWay;
      if (failure !== NOTHING_SAID) return false;
      try {
        awaitedBytes -= readSync(fd, buffer, 0, buffer.length, null);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code !== "EAGAIN" && code !== "EINTR") failure = message;
      }
      isUnderWay = awaitedBytes > 0;
      return !isUnderWay;
    },
    renew() {
      const before = failure;
      close();
      fd = open();
      isUnderWay = false;
      failure = NOTHING_SAID;
      return before;
    },
    close,
  };
}

const NOTHING_SAID = "its echo has not come";

/** The character, then a step back, a blank over it, and a step back again (ECHOE). */
const ECHO_BYTES = 4;
