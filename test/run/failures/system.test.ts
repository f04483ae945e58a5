import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hasTools } from '../../support/tools.ts';
import { verifyDiagnosis } from '../../system/diagnosis.ts';

/** Every third library: some two hundred on a machine like ours. */
const STEP = 3;

test.skipIf(!hasTools('gcc') || !existsSync('/usr/lib/x86_64-linux-gnu'))(
  'a library that opens has no findings',
  () => {
    const { passed, failed, lines } = verifyDiagnosis(() => {}, STEP);
    expect(failed, lines.join('\n')).toBe(0);
    expect(passed).toBeGreaterThan(50);
  },
);
