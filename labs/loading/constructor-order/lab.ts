import type { Command, Lab } from '../../../src/model/lab.ts';
import { close, open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const part = (name: string, ...needed: string[]): Command =>
  library(`lib${name}.so`, 'part.c', `-DPART="${name}"`, '-Wl,--no-as-needed', ...needed);

const tree = [
  part('floor'),
  part('wall', '-lfloor'),
  part('pillar', '-lfloor'),
  part('roof', '-lwall', '-lpillar'),
];

const ROOF = './libroof.so';
const up = ['floor', 'pillar', 'wall', 'roof'];
const down = up.toReversed();
const risen = up.map((name): `init ${string}` => `init lib${name}.so`);
const fallen = down.map((name): `fini ${string}` => `fini lib${name}.so`);

export const lab: Lab = {
  title: 'Constructors run after those of what a library needs, destructors before',
  source: { text: ADVANCED_FEATURES, section: 'Initialization and Finalization Functions' },
  symbols: [],
  variants: [
    {
      name: 'with-the-program',
      build: [...tree, program('app', 'app.c', '-Wl,--no-as-needed', '-lroof')],
      runs: [
        {
          command: ['./app'],
          predicts: [{ kind: 'loader-events', events: [...risen, 'fini app', ...fallen] }],
          observes: {
            stdout: [
              ...up.map((name) => `+ ${name}`),
              '+ app',
              'main',
              '- app',
              ...down.map((name) => `- ${name}`),
            ],
          },
        },
      ],
    },
    {
      name: 'opened',
      build: [...tree, program('app', 'opener.c', '-ldl')],
      runs: [
        {
          command: ['./app'],
          calls: [open(ROOF), close(ROOF)],
          predicts: [
            {
              kind: 'calls',
              results: ['libroof.so', 'unloads libroof.so libwall.so libpillar.so libfloor.so'],
            },
          ],
          observes: {
            stdout: [...up.map((name) => `+ ${name}`), 'open', ...down.map((name) => `- ${name}`), 'closed'],
          },
        },
      ],
    },
    {
      name: 'a-ring',
      build: [
        part('egg'),
        part('hen', '-legg'),
        part('egg', '-lhen'),
        program('app', 'app.c', '-Wl,--no-as-needed', '-lhen'),
      ],
      runs: [
        {
          command: ['./app'],
          predicts: [
            {
              kind: 'loader-events',
              events: ['init libhen.so', 'init libegg.so', 'fini app', 'fini libegg.so', 'fini libhen.so'],
            },
          ],
          observes: { stdout: ['+ hen', '+ egg', '+ app', 'main', '- app', '- egg', '- hen'] },
        },
      ],
    },
  ],
};
