import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCounter, judgeLibrary, librarySample } from '../run/soak/real-libraries.ts';
import type { Verification, Watch } from './suite.ts';

const WANTED = 150;

/** Libraries of the machine, opened and closed, beside a program that counts by itself what they lose. */
export async function verifySoak(watch: Watch = () => {}): Promise<Verification> {
  const directory = mkdtempSync(join(tmpdir(), 'solder-soak-real-'));
  try {
    const counter = buildCounter(directory);
    const lines: string[] = [];
    let passed = 0;
    let failed = 0;
    let leaking = 0;
    for (const [index, path] of librarySample(WANTED).entries()) {
      if (index % 10 === 0) watch(`library ${index}`);
      const judged = await judgeLibrary(counter, path);
      if (judged === undefined) continue;
      const { counted, soaked } = judged;
      if (counted.length > 0) leaking++;
      if (counted.join() === soaked.join()) passed++;
      else {
        failed++;
        lines.push(
          `${path}: loses ${soaked.join(' ') || 'nothing'}, counted ${counted.join(' ') || 'nothing'}`,
        );
      }
    }
    lines.push(`${passed + failed} libraries, ${leaking} of them lose something`);
    return { passed, failed, lines };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
