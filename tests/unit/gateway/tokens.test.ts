// Tokens: made once, kept as hashes, told apart by scope.
import { expect, test } from "vitest";
import { accessChecker, hashToken, isLoopback, newToken } from "../../../src/gateway/tokens.ts";

test("a new token is long, never the same, and its record does not hold it", () => {
  const one = newToken();
  expect(one.token).toMatch(/^coline_[A-Za-z0-9_-]{43}$/);
  expect(newToken().token).not.toBe(one.token);
  expect(one.sha256).toBe(hashToken(one.token));
  expect(one.sha256).not.toContain(one.token);
});

test("each token opens its own scopes and nothing else", () => {
  const feed = newToken();
  const both = newToken();
  const access = accessChecker({
    required: true,
    tokens: [
      { name: "feed", scopes: ["feed"], sha256: feed.sha256 },
      { name: "both", scopes: ["feed", "read"], sha256: both.sha256 },
    ],
  });
  expect(access(`Bearer ${feed.token}`, "feed")).toBe("ok");
  expect(access(`Bearer ${feed.token}`, "read")).toBe("wrongScope");
  expect(access(`bearer  ${both.token}`, "read")).toBe("ok");
  expect(access(`Bearer ${both.token}`, "feed")).toBe("ok");
  expect(access(`Bearer ${feed.token}x`, "feed")).toBe("badToken");
  expect(access(`Bearer ${feed.sha256}`, "feed")).toBe("badToken");
  expect(access(undefined, "feed")).toBe("noToken");
});

test.each([
  ["127.0.0.1", true],
  ["127.8.4.2", true],
  ["::1", true],
  ["localhost", true],
  ["0.0.0.0", false],
  ["::", false],
  ["192.168.1.4", false],
  ["127.0.0.1.example.org", false],
])("%s reaches this machine only: %s", (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback);
});
