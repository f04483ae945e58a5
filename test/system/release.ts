import { existsSync } from 'node:fs';
import { compareFarms, compareInstalled, noLdconfig } from '../release/ldconfig.ts';
import type { Verification, Watch } from './suite.ts';

const FARMS = 200;
const FIRST_SEED = 1000;
const INSTALLED = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64'];

/**
 * 200 random directories of libraries, and those of this machine with their links taken away: the links that
 * `solder release` plans and makes, against `ldconfig -n`.
 */
export function verifyRelease(watch: Watch): Verification {
  if (noLdconfig !== undefined) return { passed: 0, failed: 0, lines: [`left out: ${noLdconfig}`] };
  const { farms, changes, differences } = compareFarms(FIRST_SEED, FARMS, (done) => {
    if (done % 50 === 0) watch(`${done} of ${FARMS} directories`);
  });
  const failed = new Set(differences.map((line) => line.slice(0, line.indexOf(':')))).size;
  const lines = [
    `${farms} directories, ${changes} changed links: ${farms - failed} as ldconfig`,
    ...differences,
  ];
  let wrong = 0;
  let right = 0;
  for (const directory of INSTALLED.filter((path) => existsSync(path))) {
    watch(directory);
    const found = compareInstalled(directory);
    if (found.changes === 0) continue; // nothing was compared
    const { length } = found.differences;
    lines.push(`${directory}: ${found.names} names, ${found.changes} changed links, ${length} differences`);
    lines.push(...found.differences);
    if (length === 0) right++;
    else wrong++;
  }
  return { passed: farms - failed + right, failed: failed + wrong, lines };
}
