import type { Lab } from '../../../src/model/lab.ts';
import { lookUp, lookUpVersion, open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const LAKE = './liblake.so';
const noThird = './liblake.so: undefined symbol: depth, version LAKE_3';
const noWidth = './liblake.so: undefined symbol: width, version LAKE_1';

export const lab: Lab = {
  title: 'dlvsym finds the version of a symbol that it is asked for, dlsym the default one',
  source: { text: ADVANCED_FEATURES, section: 'Dynamically Loaded Libraries' },
  symbols: ['depth', 'width'],
  variants: [
    {
      name: 'two-versions',
      build: [
        library('liblake.so', 'lake.c', '-Wl,--version-script=lake.map'),
        program('app', 'app.c', '-ldl'),
      ],
      runs: [
        {
          command: ['./app'],
          calls: [
            open(LAKE),
            lookUp(LAKE, 'depth'),
            lookUpVersion(LAKE, 'depth', 'LAKE_2'),
            lookUpVersion(LAKE, 'depth', 'LAKE_1'),
            lookUpVersion(LAKE, 'depth', 'LAKE_3'),
            lookUpVersion(LAKE, 'width', 'LAKE_1'),
          ],
          predicts: [
            { kind: 'exports', object: 'liblake.so', symbols: ['depth@@LAKE_2', 'depth@LAKE_1'] },
            {
              kind: 'calls',
              results: [
                'liblake.so',
                'liblake.so',
                'liblake.so',
                'liblake.so',
                `refused: ${noThird}`,
                `refused: ${noWidth}`,
              ],
            },
          ],
          observes: { stdout: ['depth 37', 'depth 37', 'depth 20', noThird, noWidth] },
        },
      ],
    },
  ],
};
