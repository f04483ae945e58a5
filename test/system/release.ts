import { compareFarms, noLdconfig } from '../release/ldconfig.ts';
import type { Verification, Watch } from './suite.ts';

const FARMS = 200;
const FIRST_SEED = 1000;

/** 200 random directories of libraries: the links that `solder release` plans and makes, against `ldconfig -n`. */
export function verifyRelease(watch: Watch): Verification {
  if (noLdconfig !== undefined) return { passed: 0, failed: 0, lines: [`left out: ${noLdconfig}`] };
  const { farms, changes, differences } = compareFarms(FIRST_SEED, FARMS, (done) => {
    if (done % 50 === 0) watch(`${done} of ${FARMS} directories`);
  });
  const differing = new Set(differences.map((line) => line.slice(0, line.indexOf(':'))));
  return {
    passed: farms - differing.size,
    failed: differing.size,
    lines: [
      `${farms} directories with ${changes} changes of links: ${farms - differing.size} as ldconfig`,
      ...differences,
    ],
  };
}
