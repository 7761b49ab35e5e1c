// What every scanner driver must do on a real wire: whole telegrams only, damage counted, loss and silence told once.
import { afterEach, describe, expect, test } from "vitest";
import type { ScannerPort } from "../../drivers/scanners/port.ts";
import type { Telegram } from "../../src/line/telegram.ts";
import { eventually } from "./eventually.ts";
import type { ScannerRig, ScannerRigWish } from "./scanner-rig.ts";

export function scannerContract(name: string, openRig: (wish: ScannerRigWish) => Promise<ScannerRig>): void {
  describe(name, () => {
    let rig: ScannerRig | null = null;
    afterEach(async () => {
      await rig?.stop();
      rig = null;
    });

    async function start(wish: ScannerRigWish = {}): Promise<{ rig: ScannerRig; heard: Heard }> {
      rig = await openRig(wish);
      const heard = listenTo(rig.scanner);
      await eventually(() => heard.states.length).toBeGreaterThan(0);
      return { rig, heard };
    }

    test("a telegram arrives with its codes, its bytes and its times", async () => {
      const { rig, heard } = await start();
      const beforeNs = rig.nowNs();
      await rig.send("\u0002RB123456785GB;3318810025\u0003");
      const telegram = await heard.next();
      expect(telegram).toMatchObject({
        kind: "codes",
        codes: [
          { text: "RB123456785GB", symbology: null },
          { text: "3318810025", symbology: null },
        ],
        rawHex: Buffer.from("\u0002RB123456785GB;3318810025\u0003").toString("hex"),
      });
      expect(telegram.firstByteNs).toBeGreaterThanOrEqual(beforeNs);
      expect(telegram.lastByteNs).toBeGreaterThanOrEqual(telegram.firstByteNs);
      expect(telegram.lastByteNs).toBeLessThanOrEqual(rig.nowNs());
      expect(rig.scanner.counts()).toEqual({ ...nothing, telegrams: 1 });
      expect(rig.scanner.lastError()).toBe(null);
    });

    test("bytes that came while the process was held up are known to have come any time since", async () => {
      const { rig, heard } = await start();
      await rig.send("\u0002A1\u0003");
      const before = await heard.next();
      const heldUpAtNs = rig.nowNs();
      const sent = rig.send("\u0002B2\u0003");
      while (rig.nowNs() < heldUpAtNs + 100e6);
      const telegram = await heard.next();
      await sent;
      expect(before.arrivedAfterNs).toBeLessThan(before.lastByteNs);
      expect(before.arrivedAfterNs).toBeGreaterThan(0);
      expect(telegram.lastByteNs).toBeGreaterThanOrEqual(heldUpAtNs + 100e6);
      expect(telegram.arrivedAfterNs).toBeLessThanOrEqual(heldUpAtNs);
    });

    test("a telegram written in two parts, at every split, is one telegram", async () => {
      const { rig, heard } = await start();
      const whole = "\u0002ABC\u0003";
      for (let cut = 1; cut < whole.length; cut += 1) {
        await rig.send(whole.slice(0, cut));
        await rig.send(whole.slice(cut));
        expect((await heard.next()).codes).toEqual([{ text: "ABC", symbology: null }]);
      }
      expect(rig.scanner.counts()).toEqual({ ...nothing, telegrams: whole.length - 1 });
    });

    test("two telegrams in one write are two, in order", async () => {
      const { rig, heard } = await start();
      await rig.send("\u0002A1\u0003\u0002B2\u0003");
      expect((await heard.next()).codes[0]?.text).toBe("A1");
      expect((await heard.next()).codes[0]?.text).toBe("B2");
    });

    test("no-read and heartbeat come as such and are counted apart", async () => {
      const { rig, heard } = await start();
      await rig.send("\u0002NOREAD\u0003\u0002HB\u0003");
      expect(await heard.next()).toMatchObject({ kind: "noRead", codes: [] });
      expect(await heard.next()).toMatchObject({ kind: "heartbeat", codes: [] });
      expect(rig.scanner.counts()).toEqual({ ...nothing, noReads: 1, heartbeats: 1 });
    });

    test("garbage around a telegram is counted and does not touch it", async () => {
      const { rig, heard } = await start();
      await rig.send("noise\u0002A1\u0003\r\n\u0002B2\u0003");
      expect((await heard.next()).codes[0]?.text).toBe("A1");
      expect((await heard.next()).codes[0]?.text).toBe("B2");
      expect(rig.scanner.counts()).toEqual({ ...nothing, telegrams: 2, garbageBytes: 7 });
    });

    test("a frame above the size limit is discarded, and the next one is read", async () => {
      const { rig, heard } = await start();
      await rig.send(`\u0002${"A".repeat(100)}\u0003\u0002B2\u0003`);
      expect((await heard.next()).codes[0]?.text).toBe("B2");
      expect(rig.scanner.counts()).toMatchObject({ telegrams: 1, oversizeFrames: 1 });
    });

    test("a frame whose end was lost is given up at the next start", async () => {
      const { rig, heard } = await start();
      await rig.send("\u0002A1\u0002B2\u0003");
      expect((await heard.next()).codes[0]?.text).toBe("B2");
      expect(rig.scanner.counts()).toMatchObject({ telegrams: 1, partialFrames: 1 });
    });

    test("a frame that stops in the middle is given up in time, and its late rest is garbage", async () => {
      const { rig, heard } = await start({ timesOut: true });
      await rig.send("\u0002A1");
      await eventually(() => rig.scanner.counts().partialFrames).toBe(1);
      await rig.send("2\u0003\u0002B2\u0003");
      expect((await heard.next()).codes[0]?.text).toBe("B2");
      expect(rig.scanner.counts()).toEqual({ ...nothing, telegrams: 1, partialFrames: 1, garbageBytes: 2 });
    });

    test("a frame with damaged codes is counted and is no telegram", async () => {
      const { rig, heard } = await start();
      await rig.send("\u00029\r00\u0003\u0002A1;\u0003\u0002\u0003\u0002B2\u0003");
      expect((await heard.next()).codes[0]?.text).toBe("B2");
      expect(rig.scanner.counts()).toEqual({ ...nothing, telegrams: 1, malformedFrames: 3 });
    });

    test("a pulled plug is told once, and put back it is read again by the same path", async () => {
      const { rig, heard } = await start();
      await rig.unplug();
      await eventually(() => heard.states).toEqual(["up", "down"]);
      expect(rig.scanner.lastError()).toEqual(expect.any(String));
      await rig.plug();
      await eventually(() => heard.states).toEqual(["up", "down", "up"]);
      await rig.send("\u0002A1\u0003");
      expect((await heard.next()).codes[0]?.text).toBe("A1");
      expect(rig.scanner.counts()).toEqual({ ...nothing, telegrams: 1, reconnects: 1 });
      expect(rig.scanner.lastError()).toBe(null);
    });

    test("a plug pulled again and again is found again each time", async () => {
      const { rig, heard } = await start();
      for (const round of [1, 2, 3]) {
        await rig.unplug();
        await eventually(() => heard.states.at(-1)).toBe("down");
        await rig.plug();
        await eventually(() => heard.states.at(-1)).toBe("up");
        await rig.send(`\u0002R${round}\u0003`);
        expect((await heard.next()).codes[0]?.text).toBe(`R${round}`);
      }
      expect(heard.states).toEqual(["up", "down", "up", "down", "up", "down", "up"]);
      expect(rig.scanner.counts().reconnects).toBe(3);
    });

    test("a plug pulled in the middle of a frame: the frame is partial, no later byte completes it", async () => {
      const { rig, heard } = await start();
      await rig.send("garbage\u0002A1");
      await eventually(() => rig.scanner.counts().garbageBytes).toBe(7);
      await rig.unplug();
      await eventually(() => rig.scanner.counts().partialFrames).toBe(1);
      await rig.plug();
      await eventually(() => heard.states.at(-1)).toBe("up");
      await rig.send("2\u0003\u0002B2\u0003");
      expect((await heard.next()).codes[0]?.text).toBe("B2");
    });

    test("no device at the start: down, told once, until it is plugged in", async () => {
      const { rig, heard } = await start({ unplugged: true });
      expect(heard.states).toEqual(["down"]);
      await rig.plug();
      await eventually(() => heard.states).toEqual(["down", "up"]);
      await rig.send("\u0002A1\u0003");
      expect((await heard.next()).codes[0]?.text).toBe("A1");
      expect(rig.scanner.counts().reconnects).toBe(0);
    });

    test("nothing heard for the silence time: silent, told once, and up with the next byte", async () => {
      const { rig, heard } = await start({ fallsSilent: true });
      await eventually(() => heard.states).toEqual(["up", "silent"]);
      await rig.send("\u0002HB\u0003");
      expect((await heard.next()).kind).toBe("heartbeat");
      await eventually(() => heard.states).toEqual(["up", "silent", "up", "silent"]);
    });

    test("noise alone is no sign of life: silent while bytes come", async () => {
      const { rig, heard } = await start({ fallsSilent: true });
      // The test's own limit ends it: how many fit into the time is the wire's pace.
      while (!heard.states.includes("silent")) {
        await rig.send("noise");
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(heard.states).toEqual(["up", "silent"]);
      expect(rig.scanner.counts()).toMatchObject({ telegrams: 0 });
    });

    test("a wrong check character: no telegram, counted, and the next one is read", async () => {
      const check = { kind: "xor", coversStart: false, coversEnd: true, place: "afterEnd" } as const;
      const { rig, heard } = await start({ framing: { check } });
      // 0x41 ^ 0x31 ^ 0x03 = 0x73.
      await rig.send("\u0002A1\u0003\u0074\u0002A1\u0003\u0073");
      expect((await heard.next()).codes[0]?.text).toBe("A1");
      expect(rig.scanner.counts()).toEqual({ ...nothing, telegrams: 1, malformedFrames: 1 });
    });

    test("the number of a reading and the place of a code come with the telegram", async () => {
      const { rig, heard } = await start({
        framing: {
          fields: { head: [{ is: "triggerId", mark: ":" }], afterCode: [{ is: "position", chars: 4 }] },
        },
      });
      await rig.send("\u000242:A10120;B20350\u0003");
      expect(await heard.next()).toMatchObject({
        fields: { triggerId: "42" },
        codes: [
          { text: "A1", position: "0120" },
          { text: "B2", position: "0350" },
        ],
      });
    });

    test("told to read at each opening and to stop at the end", async () => {
      const { rig, heard } = await start({ trigger: { on: "LON", off: "LOFF", when: "whileOpen" } });
      await eventually(() => rig.heard()).toBe("\u0002LON\u0003");
      await rig.unplug();
      await eventually(() => heard.states.at(-1)).toBe("down");
      await rig.plug();
      await eventually(() => rig.heard()).toBe("\u0002LON\u0003\u0002LON\u0003");
      await rig.scanner.close();
      await eventually(() => rig.heard()).toBe("\u0002LON\u0003\u0002LON\u0003\u0002LOFF\u0003");
    });

    test("a plug pulled while silent: down, not silent", async () => {
      const { rig, heard } = await start({ fallsSilent: true });
      await eventually(() => heard.states).toEqual(["up", "silent"]);
      await rig.unplug();
      await eventually(() => heard.states).toEqual(["up", "silent", "down"]);
    });

    test("closed: nothing more is told, whatever the wire does", async () => {
      const { rig, heard } = await start();
      await rig.scanner.close();
      await rig.send("\u0002A1\u0003");
      await rig.unplug();
      expect(heard.states).toEqual(["up"]);
      expect(rig.scanner.counts()).toEqual(nothing);
    });

    test("closed while it looks for its device: it stays closed", async () => {
      const { rig, heard } = await start({ unplugged: true });
      await rig.scanner.close();
      await rig.plug();
      await rig.send("\u0002A1\u0003");
      expect(heard.states).toEqual(["down"]);
      expect(rig.scanner.counts()).toEqual(nothing);
    });
  });
}

const nothing = {
  telegrams: 0,
  noReads: 0,
  heartbeats: 0,
  replies: 0,
  garbageBytes: 0,
  oversizeFrames: 0,
  partialFrames: 0,
  malformedFrames: 0,
  reconnects: 0,
};

interface Heard {
  states: string[];
  /** The next telegram that was not taken yet. */
  next(): Promise<Telegram>;
}

function listenTo(scanner: ScannerPort): Heard {
  const telegrams: Telegram[] = [];
  const states: string[] = [];
  scanner.open({
    telegram: (_, telegram) => telegrams.push(telegram),
    state: (_, state) => states.push(state),
  });
  return {
    states,
    async next() {
      await eventually(() => telegrams.length).toBeGreaterThan(0);
      return telegrams.shift() as Telegram;
    },
  };
}
