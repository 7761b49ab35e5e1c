// Says at the end of a run which tests passed only when they were tried again, and what each try before failed with.
import type { Reporter, TestCase } from "vitest/node";

export default class TriedAgain implements Reporter {
  readonly #flaky: TestCase[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky === true) this.#flaky.push(test);
  }

  onTestRunEnd(): void {
    for (const test of this.#flaky) {
      process.stderr.write(`\npassed only when tried again: ${test.module.relativeModuleId}: ${test.fullName}\n`);
      for (const { stack, message, diff } of test.result().errors ?? []) {
        process.stderr.write(`  ${stack ?? message}\n${diff === undefined ? "" : `${diff}\n`}`);
      }
    }
  }
}
