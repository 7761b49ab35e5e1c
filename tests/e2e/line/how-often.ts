// How often the line is disturbed: a few times in `npm test`, and often enough to trust it when asked for.

const isLong = process.env["COLINE_LONG"] !== undefined;

/** `COLINE_LONG=1 npx vitest run --project e2e tests/e2e/line`: half an hour. */
export const howOften = (o: { usually: number; long: number }): number => (isLong ? o.long : o.usually);

export const DISTURBED_TIMEOUT_MS = isLong ? 1_800_000 : 180_000;
