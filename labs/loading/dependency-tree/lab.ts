import type { Command, Lab } from '../../../src/model/lab.ts';
import { close, open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const part = (name: string, ...needed: string[]): Command =>
  library(`lib${name}.so`, 'part.c', `-DPART="${name}"`, '-Wl,--no-as-needed', ...needed);

const [HOUSE, SHED] = ['./libhouse.so', './libshed.so'];

export const lab: Lab = {
  title: 'What a library needs is loaded with it and unloaded with the last one that needs it',
  source: { text: ADVANCED_FEATURES, section: 'Dynamically Loaded Libraries' },
  symbols: [],
  variants: [
    {
      name: 'two-trees',
      build: [
        part('ground'),
        part('wall', '-lground'),
        part('house', '-lwall'),
        part('shed', '-lground'),
        program('app', 'app.c', '-ldl'),
      ],
      runs: [
        {
          command: ['./app'],
          calls: [open(HOUSE), open(SHED), close(HOUSE), close(SHED)],
          predicts: [
            {
              kind: 'calls',
              results: [
                'libhouse.so',
                'libshed.so',
                'unloads libhouse.so libwall.so; keeps libground.so: ./libshed.so needs it',
                'unloads libshed.so libground.so',
              ],
            },
            {
              kind: 'loader-events',
              events: [
                'init libground.so',
                'init libwall.so',
                'init libhouse.so',
                'init libshed.so',
                'fini libhouse.so',
                'fini libwall.so',
                'unload libhouse.so',
                'unload libwall.so',
                'fini libshed.so',
                'fini libground.so',
                'unload libshed.so',
                'unload libground.so',
                'fini app',
              ],
            },
          ],
          observes: {
            stdout: [
              '  + ground',
              '  + wall',
              '  + house',
              'house open',
              '  + shed',
              'shed open',
              '  - house',
              '  - wall',
              'house closed',
              '  - shed',
              '  - ground',
              'shed closed',
            ],
          },
        },
      ],
    },
  ],
};
