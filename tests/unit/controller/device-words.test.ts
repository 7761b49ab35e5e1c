// What devices say of themselves in the log: a wrong node, a server that does not answer.
import { expect, test } from "vitest";
import { DeviceWords } from "../../../src/controller/device-words.ts";

const S = 1e9;

function heard() {
  const said: string[] = [];
  const words = new DeviceWords({ warn: ((_: object, text: string) => void said.push(text)) as never });
  return { words, said };
}

const io = (lastError: string | null, deviceId = "io-a") => ({ deviceId, lastError, connected: true, armed: false });

test("a word is said with its device's name, once for as long as it stays the same", () => {
  const { words, said } = heard();
  for (const atNs of [0, S, 60 * S]) words.look([io("not known: s=Air: the server has no such node")], atNs);
  expect(said).toEqual(["device io-a: not known: s=Air: the server has no such node"]);
});

test("words that change again and again are said every ten seconds, and then the newest", () => {
  const { words, said } = heard();
  for (let second = 0; second <= 20; second += 1) words.look([io(`no reply ${second}`)], second * S);
  expect(said).toEqual(["device io-a: no reply 0", "device io-a: no reply 10", "device io-a: no reply 20"]);
});

test("each device has its own words; one that has none, and a scanner, say nothing", () => {
  const { words, said } = heard();
  words.look([io("a"), io("b", "io-b"), io(null, "io-c"), { scannerId: "scan1", lastError: "unplugged" }], 0);
  expect(said).toEqual(["device io-a: a", "device io-b: b"]);
});
