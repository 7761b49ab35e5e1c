// Framing: the same frames and discards at every cut of the bytes, and no frame that was not sent whole.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FramerEvent, ScannerFramer } from "../../../drivers/scanners/framer.ts";

const MS = 1e6;
const stxEtx = { start: "\u0002", end: "\u0003", maxBytes: 16, interByteTimeoutMs: 20 };
const crlf = { start: "", end: "\r\n", maxBytes: 16, interByteTimeoutMs: 20 };
const checked = { start: "\u0002", end: "\u0003", maxBytes: 16, interByteTimeoutMs: 20, trailBytes: 1 as const };
const long = { start: "<<", end: ">>\r", maxBytes: 24, interByteTimeoutMs: 20 };

describe.each([
  { name: "one frame", framing: stxEtx, sent: "\u0002ABC\u0003", seen: ["\u0002ABC\u0003"] },
  {
    name: "merged frames",
    framing: stxEtx,
    sent: "\u0002A\u0003\u0002B\u0003",
    seen: ["\u0002A\u0003", "\u0002B\u0003"],
  },
  { name: "an empty frame", framing: stxEtx, sent: "\u0002\u0003", seen: ["\u0002\u0003"] },
  { name: "garbage around", framing: stxEtx, sent: "xy\u0002A\u0003z\u0003", seen: ["\u0002A\u0003", "garbage 4"] },
  { name: "a lost end", framing: stxEtx, sent: "\u0002AB\u0002C\u0003", seen: ["restarted 3", "\u0002C\u0003"] },
  { name: "an embedded CR", framing: stxEtx, sent: "\u00029\r00\u0003", seen: ["\u00029\r00\u0003"] },
  {
    name: "the longest frame",
    framing: stxEtx,
    sent: `\u0002${"A".repeat(14)}\u0003`,
    seen: [`\u0002${"A".repeat(14)}\u0003`],
  },
  {
    name: "one byte too many, then a good frame",
    framing: stxEtx,
    sent: `\u0002${"A".repeat(15)}\u0003\u0002B\u0003`,
    seen: ["oversize 16", "\u0002B\u0003", "garbage 1"],
  },
  {
    name: "a start after an oversize frame",
    framing: stxEtx,
    sent: `\u0002${"A".repeat(20)}\u0002B\u0003`,
    seen: ["oversize 16", "\u0002B\u0003", "garbage 5"],
  },
  {
    name: "no start: the first tail, then frames",
    framing: crlf,
    sent: "TAIL\r\nA\r\nB\rC\r\n",
    seen: ["A\r\n", "B\rC\r\n", "garbage 6"],
  },
  {
    name: "no start: an oversize frame up to its end",
    framing: crlf,
    sent: `\r\n${"A".repeat(20)}\r\nB\r\n`,
    seen: ["oversize 15", "B\r\n", "garbage 9"],
  },
  {
    name: "no start: the end straddles the size limit",
    framing: crlf,
    sent: `\r\n${"A".repeat(15)}\r\nB\r\n`,
    seen: ["oversize 15", "B\r\n", "garbage 4"],
  },
  {
    name: "a check character behind the end, whatever it is",
    framing: checked,
    sent: "\u0002A\u0003\u0003\u0002B\u0003\u0002\u0002C\u0003\u0041z",
    seen: ["\u0002A\u0003\u0003", "\u0002B\u0003\u0002", "\u0002C\u0003\u0041", "garbage 1"],
  },
  {
    name: "a frame that is too long by its check character",
    framing: checked,
    sent: `\u0002${"A".repeat(14)}\u0003\u0041\u0002B\u0003\u0042`,
    seen: ["oversize 16", "\u0002B\u0003\u0042", "garbage 1"],
  },
  { name: "long marks", framing: long, sent: "<x<<<A>>>\r>\r<<B>>\r", seen: ["<<<A>>>\r", "<<B>>\r", "garbage 4"] },
  { name: "long marks, a lost end", framing: long, sent: "<<A>><<B>>\r", seen: ["restarted 5", "<<B>>\r"] },
])("$name", ({ framing, sent, seen }) => {
  const whole = Buffer.from(sent, "latin1");

  test("in one chunk", () => {
    expect(describeEvents(new ScannerFramer(framing).push(whole, 0, 0))).toEqual(seen);
  });

  test("the same at every split, and byte by byte", () => {
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const framer = new ScannerFramer(framing);
      const events = [...framer.push(whole.subarray(0, cut), 0, 0), ...framer.push(whole.subarray(cut), MS, 0)];
      expect(describeEvents(events), `cut at ${cut}`).toEqual(seen);
    }
    const framer = new ScannerFramer(framing);
    const events = [...whole].flatMap((byte, i) => framer.push(Buffer.of(byte), i * MS, 0));
    expect(describeEvents(events)).toEqual(seen);
  });
});

describe("time", () => {
  test("a frame carries the arrival of its first and of its last byte", () => {
    for (let cut = 1; cut < 5; cut += 1) {
      const framer = new ScannerFramer(stxEtx);
      const sent = Buffer.from("\u0002ABC\u0003");
      const [event] = [...framer.push(sent.subarray(0, cut), 5 * MS, 0), ...framer.push(sent.subarray(cut), 7 * MS, 0)];
      expect(event).toMatchObject({ frame: { firstByteNs: 5 * MS, lastByteNs: 7 * MS } });
    }
  });

  test("the first byte after a restart, or of a start cut in two, is the start's own", () => {
    const framer = new ScannerFramer(long);
    framer.push(Buffer.from("<<A<"), 1 * MS, 0);
    framer.push(Buffer.from("<B"), 2 * MS, 0);
    expect(framer.push(Buffer.from(">>\r"), 3 * MS, 0)).toMatchObject([
      { frame: { firstByteNs: 1 * MS, lastByteNs: 3 * MS } },
    ]);
  });

  test("a pause as long as the timeout is allowed, a longer one makes the frame partial", () => {
    const onTime = new ScannerFramer(stxEtx);
    onTime.push(Buffer.from("\u0002A"), 0, 0);
    expect(onTime.deadlineNs).toBe(20 * MS);
    expect(onTime.tick(20 * MS)).toEqual([]);
    expect(describeEvents(onTime.push(Buffer.from("B\u0003"), 20 * MS, 0))).toEqual(["\u0002AB\u0003"]);

    const late = new ScannerFramer(stxEtx);
    late.push(Buffer.from("\u0002A"), 0, 0);
    expect(describeEvents(late.push(Buffer.from("B\u0003"), 20 * MS + 1, 0))).toEqual(["partial 2", "garbage 2"]);
  });

  test("a missing end is discarded by a tick, and the next frame is read", () => {
    const framer = new ScannerFramer(stxEtx);
    framer.push(Buffer.from("\u0002AB"), 0, 0);
    expect(describeEvents(framer.tick(21 * MS))).toEqual(["partial 3"]);
    expect(framer.deadlineNs).toBe(null);
    expect(describeEvents(framer.push(Buffer.from("\u0002C\u0003"), 30 * MS, 0))).toEqual(["\u0002C\u0003"]);
  });

  test("without a start the rest of a partial frame never becomes a frame", () => {
    const framer = new ScannerFramer(crlf);
    framer.push(Buffer.from("\r\n12345"), 0, 0);
    expect(describeEvents(framer.tick(21 * MS))).toEqual(["partial 5"]);
    expect(describeEvents(framer.push(Buffer.from("67890\r\n"), 25 * MS, 0))).toEqual(["garbage 7"]);
    expect(describeEvents(framer.push(Buffer.from("A\r\n"), 50 * MS, 0))).toEqual(["A\r\n"]);
  });

  test("a check character that does not come makes the frame partial", () => {
    const framer = new ScannerFramer(checked);
    framer.push(Buffer.from("\u0002A\u0003"), 0, 0);
    expect(describeEvents(framer.tick(21 * MS))).toEqual(["partial 3"]);
    expect(describeEvents(framer.push(Buffer.from("\u0002B\u0003\u0042"), 30 * MS, 0))).toEqual([
      "\u0002B\u0003\u0042",
    ]);
  });

  test("a lost port discards what is held, and no later byte completes it", () => {
    const framer = new ScannerFramer(stxEtx);
    framer.push(Buffer.from("\u0002AB"), 0, 0);
    expect(describeEvents(framer.reset())).toEqual(["partial 3"]);
    expect(describeEvents(framer.push(Buffer.from("C\u0003"), 1, 0))).toEqual(["garbage 2"]);
  });
});

const framings = fc.constantFrom(stxEtx, crlf, long, checked);
/** Mostly marks, so that frames, restarts and near-misses are common. */
const someBytes = fc.array(fc.oneof(fc.constantFrom(2, 3, 13, 10, 60, 62, 65), fc.integer({ min: 0, max: 255 })), {
  maxLength: 120,
});

test("law: whatever arrives in whatever chunks and pauses, bytes are framed, discarded or held, and none is lost", () => {
  const chunks = fc.array(fc.record({ bytes: someBytes, pauseMs: fc.integer({ min: 0, max: 30 }) }), { maxLength: 20 });
  fc.assert(
    fc.property(framings, chunks, (framing, script) => {
      const framer = new ScannerFramer(framing);
      let atNs = 0;
      let pushed = 0;
      let accounted = 0;
      for (const { bytes, pauseMs } of script) {
        atNs += pauseMs * MS;
        pushed += bytes.length;
        const events = [...framer.tick(atNs), ...framer.push(Buffer.from(bytes), atNs, 0)];
        accounted += events.reduce((sum, event) => sum + byteCountOf(event), 0);
        expect(accounted + framer.heldBytes).toBe(pushed);
        expect(framer.heldBytes).toBeLessThan(framing.maxBytes);
        for (const frame of framesIn(events)) {
          const trail = "trailBytes" in framing ? 1 : 0;
          const marked = frame.slice(0, frame.length - trail);
          expect(marked.startsWith(framing.start) && marked.endsWith(framing.end)).toBe(true);
          expect(frame.length).toBeLessThanOrEqual(framing.maxBytes);
        }
      }
    }),
  );
});

test("law: the cuts between chunks change no frame and no discarded byte", () => {
  fc.assert(
    fc.property(framings, someBytes, fc.array(fc.nat(120)), (framing, bytes, cuts) => {
      const whole = Buffer.from(bytes);
      const inOne = new ScannerFramer(framing).push(whole, 0, 0);
      const framer = new ScannerFramer(framing);
      const bounds = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
      const inParts = bounds.slice(1).flatMap((to, i) => framer.push(whole.subarray(bounds[i], to), 0, 0));
      expect(describeEvents(inParts)).toEqual(describeEvents(inOne));
    }),
  );
});

const byteCountOf = (event: FramerEvent): number =>
  event.kind === "frame" ? event.frame.bytes.length : event.byteCount;

const framesIn = (events: readonly FramerEvent[]): string[] =>
  events.flatMap((event) => (event.kind === "frame" ? [event.frame.bytes.toString("latin1")] : []));

/** Frames and whole discards in order, then the garbage of all calls in one sum. */
function describeEvents(events: readonly FramerEvent[]): string[] {
  const ordered = events.flatMap((event) => {
    if (event.kind === "frame") return [event.frame.bytes.toString("latin1")];
    return event.reason === "garbage" ? [] : [`${event.reason} ${event.byteCount}`];
  });
  const garbage = events.reduce(
    (sum, event) => sum + (event.kind === "discarded" && event.reason === "garbage" ? event.byteCount : 0),
    0,
  );
  return garbage === 0 ? ordered : [...ordered, `garbage ${garbage}`];
}
