/**
 * Compares solder with the tools of this machine over everything that is installed on it:
 * `npm run verify:system [-- NAME...]`. Takes minutes; `npm test` runs samples of the same comparisons.
 * The last line is `N passed, N failed`.
 */
import { verifyAbi } from '../test/system/abi.ts';
import { verifyArchives } from '../test/system/archive.ts';
import { verifyBindings } from '../test/system/bindings.ts';
import { verifyDemangle } from '../test/system/demangle.ts';
import { verifyDiagnosis } from '../test/system/diagnosis.ts';
import { verifyExports } from '../test/system/exports.ts';
import { verifyGuard } from '../test/system/guard.ts';
import { verifyInspect } from '../test/system/inspect.ts';
import { verifyRelease } from '../test/system/release.ts';
import { verifyScripts } from '../test/system/scripts.ts';
import { verifySessions } from '../test/system/sessions.ts';
import { verifySoak } from '../test/system/soak.ts';
import type { Verification, Watch } from '../test/system/suite.ts';
import { verifyTraces } from '../test/system/trace.ts';

const SUITES: Readonly<Record<string, (watch: Watch) => Promise<Verification> | Verification>> = {
  inspect: verifyInspect,
  archives: verifyArchives,
  bindings: verifyBindings,
  demangle: verifyDemangle,
  abi: verifyAbi,
  exports: verifyExports,
  release: verifyRelease,
  scripts: verifyScripts,
  sessions: verifySessions,
  diagnosis: verifyDiagnosis,
  guard: verifyGuard,
  soak: verifySoak,
  trace: verifyTraces,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  console.error(`verify-system: no suite ${unknown.join(', ')}; there are ${Object.keys(SUITES).join(', ')}`);
  process.exit(2);
}
let passed = 0;
let failed = 0;
for (const [name, verify] of Object.entries(SUITES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const start = performance.now();
  const result = await verify((line) => process.stderr.write(`${name}: ${line}\n`));
  for (const line of result.lines) console.log(`${name}: ${line}`);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`${name}: ${result.passed} passed, ${result.failed} failed (${seconds} s)`);
  passed += result.passed;
  failed += result.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
