import type { Lab } from '../../../src/model/lab.ts';
import { lookUp, open, use } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const [TOWER, CLOCK] = ['./libtower.so', './libclock.so'];
const noBell = './libtower.so: undefined symbol: bell_ring';
const noHour = './libclock.so: undefined symbol: clock_hour';

export const lab: Lab = {
  title: 'RTLD_LAZY misses a function when it is called, RTLD_NOW when the library is opened',
  source: { text: ADVANCED_FEATURES, section: 'Dynamically Loaded Libraries' },
  symbols: ['tower_climb', 'tower_ring', 'bell_ring', 'clock_hour'],
  variants: [
    {
      name: 'a-function',
      build: [library('libtower.so', 'tower.c', '-Wl,-z,lazy'), program('app', 'app.c', '-ldl')],
      runs: [
        {
          name: 'lazy, never called',
          command: ['./app', TOWER, 'lazy', 'tower_climb'],
          calls: [open(TOWER), lookUp(TOWER, 'tower_climb')],
          predicts: [{ kind: 'calls', results: ['libtower.so', 'libtower.so'] }],
          observes: { stdout: ['opened', 'up the tower'] },
        },
        {
          name: 'lazy, called',
          command: ['./app', TOWER, 'lazy', 'tower_ring'],
          calls: [
            open(TOWER),
            lookUp(TOWER, 'tower_ring'),
            use(TOWER, 'tower_climb'),
            use(TOWER, 'bell_ring'),
          ],
          predicts: [
            {
              kind: 'calls',
              results: [
                'libtower.so',
                'libtower.so',
                'libtower.so',
                `refused: symbol lookup error: ${noBell}`,
              ],
            },
          ],
          observes: { stdout: ['opened', 'up the tower'], ends: { kind: 'status', status: 127 } },
        },
        {
          name: 'now',
          command: ['./app', TOWER, 'now'],
          calls: [open(TOWER, { now: true })],
          predicts: [{ kind: 'calls', results: [`refused: ${noBell}`] }],
          observes: { stdout: [noBell] },
        },
      ],
    },
    {
      name: 'a-variable',
      build: [library('libclock.so', 'clock.c', '-Wl,-z,lazy'), program('app', 'app.c', '-ldl')],
      runs: [
        {
          name: 'lazy',
          command: ['./app', CLOCK, 'lazy'],
          calls: [open(CLOCK)],
          predicts: [{ kind: 'calls', results: [`refused: ${noHour}`] }],
          observes: { stdout: [noHour] },
        },
      ],
    },
  ],
};
