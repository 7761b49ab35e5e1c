// Makes waybill numbers with right check digits, for the carriers that the simulated parcels come from.
export const CARRIERS = ["EMS", "UPS", "FEDEX", "DHL", "CAINIAO"] as const;
export type Carrier = (typeof CARRIERS)[number];

/**
 * The `index`-th valid number of a carrier. Different indexes below 10^8 give different numbers, without a memory of
 * those given; neighbours look unlike each other.
 * @param index 0..10^8-1
 */
export function waybillNumber(carrier: Carrier, index: number): string {
  switch (carrier) {
    case "EMS":
      return s10({ service: "EA", serial: scattered(index, 8), country: "CN" });
    case "UPS":
      return ups1z(`C0L1NE${scattered(index, 9)}`);
    case "FEDEX":
      return fedex12(`61${scattered(index, 9)}`);
    case "DHL":
      return dhl10(scattered(index, 9));
    case "CAINIAO":
      return sscc(`36901234${scattered(index, 9)}`);
  }
}

/** UPU S10: the weighted sum of the serial's digits and the check digit is divisible by 11 (0 and 5 stand for 10, 11). */
export function s10(o: { service: string; serial: string; country: string }): string {
  const weights = [8, 6, 4, 2, 3, 5, 9, 7];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(o.serial[i]), 0);
  const short = 11 - (sum % 11);
  const check = { 10: 0, 11: 5 }[short] ?? short;
  return `${o.service}${o.serial}${check}${o.country}`;
}

/** UPS: fifteen characters after "1Z"; a letter counts as its place after A plus 2, modulo 10; even places double. */
export function ups1z(body: string): string {
  let sum = 0;
  [...body].forEach((character, i) => {
    const value = /[0-9]/.test(character)
      ? Number(character)
      : ("ABCDEFGHIJKLMNOPQRSTUVWXYZ".indexOf(character) + 2) % 10;
    sum += i % 2 === 0 ? value : 2 * value;
  });
  return `1Z${body}${(1000 - sum) % 10}`;
}

/** FedEx Express: eleven digits with weights 3, 1, 7 in turn; the sum modulo 11, of which 10 is written as 0. */
export function fedex12(serial: string): string {
  let sum = 0;
  for (let i = 0; i < serial.length; i += 1) sum += Number(serial[i]) * ([3, 1, 7][i % 3] as number);
  return `${serial}${String(sum % 11).slice(-1)}`;
}

/** DHL Express: nine digits and their remainder by 7. */
export function dhl10(serial: string): string {
  return `${serial}${Number(serial) % 7}`;
}

/** GS1 SSCC: seventeen digits; from the right every second one, beginning with the last, counts three times. */
export function sscc(serial: string): string {
  let sum = 0;
  for (let fromRight = 0; fromRight < serial.length; fromRight += 1) {
    sum += Number(serial[serial.length - 1 - fromRight]) * (fromRight % 2 === 0 ? 3 : 1);
  }
  return `${serial}${(1000 - sum) % 10}`;
}

/** A multiplier without the factors 2 and 5 permutes the residues of every power of ten. */
const SCATTER = 7_654_321;

function scattered(index: number, width: number): string {
  const size = 10 ** width;
  return String(((index % size) * SCATTER) % size).padStart(width, "0");
}
