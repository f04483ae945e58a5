import type { Lab } from '../../../src/model/lab.ts';
import { lookUp, lookUpFrom, open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const CAFE = './libcafe.so';
const noTea = 'app: undefined symbol: tea';

export const lab: Lab = {
  title: 'RTLD_DEFAULT looks a name up as a reference of the caller would be',
  source: { text: ADVANCED_FEATURES, section: 'Dynamically Loaded Libraries' },
  symbols: ['coffee', 'beer', 'tea'],
  variants: [
    {
      name: 'as-written',
      build: [
        library('libkitchen.so', 'kitchen.c'),
        library('libcafe.so', 'cafe.c', '-ldl'),
        library('libbar.so', 'bar.c'),
        program('app', 'app.c', '-Wl,--no-as-needed', '-lkitchen', '-ldl'),
      ],
      runs: [
        {
          command: ['./app'],
          calls: [
            open(CAFE),
            open('./libbar.so', { global: true }),
            lookUpFrom('default', 'coffee'),
            lookUpFrom('default', 'beer'),
            lookUpFrom('default', 'tea'),
            lookUp(CAFE, 'cafe_order'),
            lookUpFrom('default', 'coffee', CAFE),
            lookUpFrom('default', 'beer', CAFE),
            lookUpFrom('default', 'tea', CAFE),
          ],
          predicts: [
            {
              kind: 'calls',
              results: [
                'libcafe.so',
                'libbar.so',
                'libkitchen.so',
                'libbar.so',
                `refused: ${noTea}`,
                'libcafe.so',
                'libkitchen.so',
                'libbar.so',
                'libcafe.so',
              ],
            },
          ],
          observes: {
            stdout: [
              "program: the kitchen's coffee",
              "program: the bar's beer",
              `program: ${noTea}`,
              "cafe: the kitchen's coffee",
              "cafe: the bar's beer",
              "cafe: the cafe's tea",
            ],
          },
        },
      ],
    },
  ],
};
