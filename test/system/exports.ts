import { exportChecker } from '../exports/check-file.ts';
import { compareWithTools } from '../exports/compare-with-tools.ts';
import { nativeElfFiles } from '../oracle/installed.ts';
import type { Verification, Watch } from './suite.ts';

const PROGRAMS = ['/usr/bin'];
const LIBRARIES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/python3'];
const LIBRARY_NAME = /\.so(\.|$)/;

/** What `check` says of the exports and links of every library and program, against the tools of the machine. */
export function verifyExports(watch: Watch = () => {}): Verification {
  const files = [...nativeElfFiles(LIBRARIES, LIBRARY_NAME), ...nativeElfFiles(PROGRAMS)];
  const check = exportChecker();
  const kinds = new Map<string, number>();
  const lines: string[] = [];
  let passed = 0;
  let failed = 0;
  for (const path of files) {
    const findings = check(path);
    if (findings === undefined) continue;
    for (const { kind } of findings) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const problems = compareWithTools(path, findings);
    if (problems.length === 0) passed++;
    else failed++;
    lines.push(...problems.map((problem) => `${path}: ${problem}`));
    if ((passed + failed) % 100 === 0) watch(`${passed} passed, ${failed} failed`);
  }
  lines.push(...[...kinds].sort().map(([kind, count]) => `${kind}: ${count} findings`));
  return { passed, failed, lines };
}
