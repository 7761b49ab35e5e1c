// How much of a long test runs: a slice in `npm test`, and enough to trust it when asked for.

export const isLong = process.env["COLINE_LONG"] !== undefined;

/** `COLINE_LONG=1 npx vitest run --project simulation`: some minutes; `--project e2e tests/e2e/line`: half an hour. */
export const howOften = <T>(o: { usually: T; long: T }): T => (isLong ? o.long : o.usually);

export const DISTURBED_TIMEOUT_MS = isLong ? 1_800_000 : 180_000;
