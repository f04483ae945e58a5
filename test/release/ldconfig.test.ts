import { describe, expect, it } from 'vitest';
import { compareFarms, noLdconfig } from './ldconfig.ts';

const FARMS = 40;

describe.skipIf(noLdconfig !== undefined)(
  `links as ldconfig -n makes them${noLdconfig ? `: ${noLdconfig}` : ''}`,
  () => {
    it(`in ${FARMS} random directories`, () => {
      const { farms, changes, differences } = compareFarms(1, FARMS);
      expect(differences).toEqual([]);
      expect(farms).toBe(FARMS);
      // A comparison of directories in which nothing is to be done would prove nothing.
      expect(changes).toBeGreaterThan(FARMS);
    });
  },
);
