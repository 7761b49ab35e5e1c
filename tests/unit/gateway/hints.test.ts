// Hints to the controller: what keeps a parcel in reaches it, however slowly it reads.
import { expect, test } from "vitest";
import { hints } from "../../../src/gateway/hints.ts";

const word = (waybill: string) => ({ company: "EMS", waybill });

function pipe() {
  const sent: string[][] = [];
  const o = { isOpen: true, late: [word("HELD")] };
  const told = hints({
    send(waybills) {
      if (o.isOpen) sent.push(waybills.map(({ waybill }) => waybill));
      return o.isOpen;
    },
    late: { all: () => o.late },
  });
  return { o, sent, told };
}

test("a hint that was sent is not said again, until another controller is there", () => {
  const { sent, told } = pipe();
  told.tell([word("RB1")]);
  told.alive();
  expect(sent).toEqual([["RB1"]]);
  told.connected();
  expect(sent).toEqual([["RB1"], ["HELD"]]);
});

test("one that found the pipe full is made up for by all that keeps a parcel in, as soon as the controller reads again", () => {
  const { o, sent, told } = pipe();
  o.isOpen = false;
  told.tell([word("HELD")]);
  told.alive();
  o.isOpen = true;
  told.alive();
  told.alive();
  expect(sent).toEqual([["HELD"]]);
});
