// A rule's list of chutes may only grow stricter, and a buffer takes nothing but what waits for customs.
import { describe, expect, test } from "vitest";
import { checked, edited } from "../config/example-site.ts";

const codesOf = (texts: Parameters<typeof checked>[0]): string[] =>
  checked(texts)
    .filter(({ severity }) => severity === "error")
    .map(({ code }) => code);

const HOLD = "to: [hold-cbec-import] }\n  - { id: hold-cbec-export";
const to = (list: string) => edited("chutes.yaml", HOLD, `to: [${list}] }\n  - { id: hold-cbec-export`);

describe("overflow", () => {
  test.each([
    ["storage, then inspection", "hold-cbec-import, inspection", []],
    ["storage, then the abnormal parcels", "hold-cbec-import, abnormal", []],
    ["inspection, then storage", "inspection, hold-cbec-import", ["CONFIG_OVERFLOW_LOOSER"]],
    ["inspection and abnormal parcels, which are alike", "inspection, abnormal", []],
    ["storage, abnormal parcels, storage", "hold-cbec-import, abnormal, hold-cbec-import", ["CONFIG_OVERFLOW_LOOSER"]],
  ])("%s", (_situation, list, codes) => expect(codesOf(to(list).texts)).toEqual(codes));

  test("what is released may overflow into its storage, not the other way round", () => {
    const released = (list: string) =>
      edited("chutes.yaml", "direction: import }, to: [out-cbec-import] }", `direction: import }, to: [${list}] }`)
        .texts;
    expect(codesOf(released("out-cbec-import, hold-cbec-import"))).toEqual([]);
    expect(codesOf(released("hold-cbec-import, out-cbec-import"))).toEqual(["CONFIG_OVERFLOW_LOOSER"]);
  });

  test("balanced chutes are of one kind; the finding stands at the rule and says what would be right", () => {
    const { texts, line } = edited(
      "chutes.yaml",
      HOLD,
      "to: [hold-cbec-import, inspection], balance: roundRobin }\n  - { id: hold-cbec-export",
    );
    const [found] = checked(texts);
    expect(found).toMatchObject({ code: "CONFIG_OVERFLOW_LOOSER", file: "chutes.yaml", line });
    expect(found?.what).toBe('parcels would go to "hold-cbec-import" (storage) and "inspection" (inspection) in turn');
  });
});

describe("a buffer", () => {
  const buffer = (texts: ReturnType<typeof edited>["texts"]) => ({
    ...texts,
    "chutes.yaml": texts["chutes.yaml"].replace(
      "{ id: hold-cbec-export, zone: { kind: storage,",
      "{ id: hold-cbec-export, zone: { kind: buffer,",
    ),
  });

  test("takes what is pending, such as export parcels that wait for their arrival report", () => {
    const { texts } = edited(
      "chutes.yaml",
      "  - { id: hold-cbec-export, when: { disposition: hold, stream: cbec, direction: export }, to: [hold-cbec-export] }\n",
      "",
    );
    expect(codesOf(buffer(texts))).toEqual([]);
  });

  test("takes nothing that is held", () => {
    expect(codesOf(buffer(edited("chutes.yaml", "# Where", "# Where").texts))).toEqual(["CONFIG_BUFFER_PENDING"]);
  });

  test("keeps its stream apart like any storage", () => {
    const { texts } = edited(
      "chutes.yaml",
      "  - { id: hold-cbec-export, when: { disposition: hold, stream: cbec, direction: export }, to: [hold-cbec-export] }\n",
      "  - { id: all, when: { disposition: pending }, to: [hold-cbec-export] }\n",
    );
    expect(codesOf(buffer(texts))).toContain("CONFIG_LAW_BREACHED");
  });
});
