import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends a run with the line `N passed, N failed, N skipped`, alone on a line, so that a script can read the
 * result without knowing the test runner. Skipped tests are listed by name: none is dropped in silence.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 };
    const skipped: string[] = [];
    let brokenModules = 0;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === 'passed') count.passed++;
        else if (state === 'failed') count.failed++;
        else {
          count.skipped++;
          skipped.push(`${module.relativeModuleId}: ${test.fullName}`);
        }
      }
      // A file that could not even be loaded has no tests to fail, yet it is a failure.
      if (module.state() === 'failed' && module.errors().length > 0) brokenModules++;
    }
    const failed = count.failed + brokenModules + unhandled.length;
    for (const name of skipped) process.stdout.write(`skipped: ${name}\n`);
    process.stdout.write(`\n${count.passed} passed, ${failed} failed, ${count.skipped} skipped\n`);
  }
}
